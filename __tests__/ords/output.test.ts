import { OutputError, parseOrdsOutput } from "../../ords/output";
import { helloOutput } from "./hello";

test("what the stack writes can be read, with nulls where Terraform has them", () => {
  const output = { ...helloOutput, profile: { ...helloOutput.profile, allowedSkew: null, allowedAge: null } };
  expect(parseOrdsOutput(JSON.parse(JSON.stringify(output)), "a file").profile.allowedAge).toBeNull();
});

test("every missing value is named, with where it was looked for", () => {
  const { issuer: _, ...profile } = helloOutput.profile;
  const read = () => parseOrdsOutput({ ...helloOutput, profile, schema: "" }, "handover.json");
  expect(read).toThrow(OutputError);
  expect(read).toThrow(/handover.json[\s\S]*ords.schema[\s\S]*ords.profile.issuer/);
});

test.each([
  ["another version", { version: 2 }, /ords.version/],
  [
    "a JWK URL that is not https",
    { profile: { ...helloOutput.profile, jwkUrl: "http://x/jwk" } },
    /must be an https URL/,
  ],
  [
    "a JWK URL with a password",
    { profile: { ...helloOutput.profile, jwkUrl: "https://me:s3cr3t@x/jwk" } },
    /^(?![\s\S]*s3cr3t)[\s\S]*JWK URL must not hold a user and password/,
  ],
  ...["domainUrl", "tokenEndpoint", "authorizationEndpoint"].map((name): [string, object, RegExp] => [
    `a ${name} with a password`,
    { client: { ...helloOutput.client, [name]: "https://me:s3cr3t@x/" } },
    new RegExp(`^(?![\\s\\S]*s3cr3t)[\\s\\S]*ords.client.${name}: must not hold a user and password`),
  ]),
  [
    "a skew of zero",
    { profile: { ...helloOutput.profile, allowedSkew: 0 } },
    /a file: stack test[\s\S]*allowed skew is 0/,
  ],
  [
    "an age of zero",
    { profile: { ...helloOutput.profile, allowedAge: 0 } },
    /a file: stack test[\s\S]*allowed age is 0/,
  ],
])("%s is refused", (_what, change, message) => {
  expect(() => parseOrdsOutput({ ...helloOutput, ...change }, "a file")).toThrow(message);
});
