import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { IdentityDomainsApp } from "@cdktf/provider-oci/lib/identity-domains-app";
import { OciProvider } from "@cdktf/provider-oci/lib/provider";
import { version } from "@cdktf/provider-oci/package.json";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { declared } from "../../providers/oci/declared";
import { used } from "../../providers/oci/used";

const root = join(__dirname, "../..");
const library = join(root, "providers/oci/lib");

test("every resource and data source in use has a module of its own, compiled and typed", () => {
  const modules = [
    "provider",
    ...used.resource_schemas.map((type) => type.replace(/^oci_/, "")),
    ...used.data_source_schemas.map((type) => type.replace(/^oci_/, "data-oci-")),
  ];
  const files = modules.flatMap((name) => ["js", "d.ts"].map((ext) => `${name.replaceAll("_", "-")}/index.${ext}`));
  expect(files.filter((file) => !existsSync(join(library, file)))).toEqual([]);
});

test("a stack that uses the provider asks for the version of the package", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  new OciProvider(stack, "oci", {});
  const { required_providers } = JSON.parse(Testing.synth(stack)).terraform;
  expect(required_providers).toEqual({ oci: { source: "oracle/oci", version } });
});

test("bindings whose schema has not changed are not made again", () => {
  const made = statSync(library).ino;
  execFileSync(join(root, "node_modules/.bin/tsx"), [join(root, "providers/oci/bindings.ts")]);
  expect(statSync(library).ino).toBe(made);
});

test("a nested reference is one object, however often it is asked for, and keeps what it is given", () => {
  const stack = new TerraformStack(Testing.app(), "test");
  const scopes = [{ value: "hello.read" }];
  const given = {
    basedOnTemplate: { value: "CustomWebAppTemplateId" },
    displayName: "app",
    idcsEndpoint: "url",
    schemas: [],
  };
  const app = new IdentityDomainsApp(stack, "app", { ...given, scopes });
  expect(app.scopes).toBe(app.scopes);
  expect(app.scopesInput).toEqual(scopes);
  app.putScopes([{ value: "hello.write" }]);
  new TerraformOutput(stack, "location", { value: app.meta.get(0).location });
  const { output, resource } = JSON.parse(Testing.synth(stack));
  expect(resource.oci_identity_domains_app.app.scopes).toEqual([{ value: "hello.write" }]);
  expect(output.location.value).toBe("${oci_identity_domains_app.app.meta[0].location}");
});

test("a getter takes the type of its setter, else that of what it returns; one that is not known is refused", () => {
  const getter = (returned: string) => `  public get x() {\n    return ${returned};\n  }\n`;
  const first = (text: string) =>
    declared(text)
      .split("\n")
      .find((line) => line.includes(" get x()"))
      ?.trim();
  expect(first(getter("this.getNumberAttribute('x')"))).toBe("public get x(): number {");
  expect(
    first(`${getter("this.getBooleanAttribute('x')")}  public set x(value: boolean | cdktf.IResolvable) {\n`),
  ).toBe("public get x(): boolean | cdktf.IResolvable {");
  expect(first(`  private _x?: string; \n${getter("this._x")}`)).toBe("public get x(): string | undefined {");
  expect(first(`  private _x = new XList(this, "x", false);\n${getter("this._x.internalValue")}`)).toBe(
    'public get x(): XList["internalValue"] {',
  );
  expect(() => declared(getter("this.getSetAttribute('x')"))).toThrow(
    "the generated bindings return this.getSetAttribute('x'): name its type",
  );
});
