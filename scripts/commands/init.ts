import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "../../config/configuration-error";
import { type Environment, environmentSchema } from "../../config/environment";
import { environmentsFolder } from "../../config/environment-names";
import { placeholder } from "../../config/words";
import { audienceProblems } from "../../ords/rules";
import { type Answers, environmentFile } from "../init/files";
import { ociLookups, type SchemaLookups, schemaLookups } from "../init/lookups";
import { type OciProfile, ociProfiles } from "../init/oci-profiles";
import { writeProject } from "../init/project";
import { Questions } from "../init/questions";
import type { Terminal } from "../terminal/terminal";

/** Beside these, the answers by the flags of their questions. */
export interface InitFlags extends Readonly<Record<string, unknown>> {
  /** Take every default. */
  readonly yes?: boolean;
  /** Look nothing up. */
  readonly offline?: boolean;
  /** The environment of `npm start`. */
  readonly local?: boolean;
}

/** Makes the current folder a project, if it is none, and writes an environment file; all at the end, and nothing over another. */
export async function init(given: string | undefined, flags: InitFlags, terminal: Terminal): Promise<void> {
  const name = given ?? (flags.local ? "local" : "dev");
  requireName(name, flags);
  const path = `environments/${name}.ts`;
  if (existsSync(join(environmentsFolder(), `${name}.ts`))) {
    throw new ConfigurationError(`${path} exists already, and is not overwritten: edit it, or choose another name`);
  }
  const [text, answers] = flags.local ? [localEnvironment(), undefined] : await asked(name, flags, terminal);
  const { files, notes } = writeProject(path, text);
  terminal.log(files.map((file) => `wrote ${file}`).join("\n"));
  for (const note of notes) terminal.log(note);
  terminal.log(next(name, text, answers));
}

function requireName(name: string, flags: InitFlags): void {
  if (!/^[A-Za-z][\w-]*$/.test(name)) {
    throw new ConfigurationError(
      `"${name}" cannot name an environment: begin with a letter, then letters, digits, - and _`,
    );
  }
  if (flags.local && name !== "local") {
    throw new ConfigurationError(`--local makes the environment local, not "${name}": leave one of them out`);
  }
}

async function asked(name: string, flags: InitFlags, terminal: Terminal): Promise<[string, Answers]> {
  const questions = new Questions(flags, flags.yes ?? false, terminal);
  const profile = await askProfile(questions);
  const looksUp = !flags.offline && (flags.yes || terminal.stdin.isTTY === true);
  const oci = ociLookups(looksUp ? profile.known : undefined, terminal);
  const region = await questions.ask({
    flag: "region",
    text: "Home region of the tenancy",
    standard: (await oci.homeRegion()) ?? profile.known?.region ?? (flags.offline ? "eu-frankfurt-1" : undefined),
  });
  const domain = await askDomain(name, profile.known, oci, questions, flags, terminal);
  const userMail = await questions.ask({
    flag: "user-mail",
    text: "Mail address of a first user of the API",
    standard: "",
    problem: (mail) => (mail === "" || /^\S+@\S+\.\S+$/.test(mail) ? undefined : "is no mail address"),
  });
  const appName = await questions.ask({
    flag: "app-name",
    text: "Name of the application",
    standard: `ords-api-${name}`,
  });
  const apiUrl = await questions.ask({
    flag: "api-url",
    text: "URL of a REST API to call as a proof, https://HOST/ords/...",
    standard: "",
    problem: (url) => problemAt({ apiUrl: url || undefined }, "apiUrl"),
  });
  const audience = await questions.ask({
    flag: "audience",
    text: "Primary audience: what the tokens are for, as a URL that ends in a slash",
    standard: apiUrl ? `${new URL(apiUrl).origin}/` : `https://${appName.replace(/[^\w-]+/g, "-")}.example.com/`,
    problem: (text) => audienceProblems(text)[0],
  });
  const { lookups, ...database } = await askDatabase(name, questions, looksUp, flags, terminal);
  const schema = await questions.ask({
    flag: "schema",
    text: "REST-enabled schema that holds the modules",
    standard: lookups?.schemas[0]?.value ?? (database.user.toUpperCase().replace(/\[.*/, "") || undefined),
    choices: lookups?.schemas,
  });
  const choices = (await lookups?.modules(schema)) ?? [];
  const modules = await questions.ask({
    flag: "module",
    text: "Modules to protect, with commas between",
    standard: choices.map(({ value }) => value).join(",") || "hello",
    choices,
  });
  questions.requireAll();
  const answers: Answers = {
    name,
    profile: profile.name,
    hasSecurityToken: profile.known?.hasSecurityToken ?? false,
    region,
    domain,
    userMail,
    appName,
    audience,
    modules: modules.split(",").map((each) => each.trim()),
    schema,
    apiUrl,
    ...database,
  };
  return [environmentFile(answers), answers];
}

async function askProfile(questions: Questions): Promise<{ name: string; known: OciProfile | undefined }> {
  const profiles = ociProfiles();
  const choices = profiles.map(({ name, region, tenancy }) => ({
    value: name,
    about: [region, tenancy].filter(Boolean).join(", "),
  }));
  const standard = choices.find(({ value }) => value === "DEFAULT") ?? choices[0];
  const name = await questions.ask({
    flag: "profile",
    text: "Profile of the OCI configuration file to sign in with",
    standard: standard?.value ?? "DEFAULT",
    choices,
  });
  return { name, known: profiles.find((profile) => profile.name === name) };
}

async function askDomain(
  name: string,
  profile: OciProfile | undefined,
  oci: ReturnType<typeof ociLookups>,
  questions: Questions,
  flags: InitFlags,
  { stdin }: Terminal,
): Promise<Answers["domain"]> {
  if (flags.existingDomain !== undefined) return { existing: await questions.ask(existingQuestion([])) };
  const compartments = await oci.compartments();
  const compartmentOcid = await questions.ask({
    flag: "compartment",
    text: "Compartment of the identity domain",
    standard: profile?.tenancy ?? (flags.offline ? `ocid1.compartment.oc1..${placeholder}` : undefined),
    choices: compartments,
    problem: (ocid) => (ocid.startsWith("ocid1.") ? undefined : "is no OCID (ocid1...)"),
  });
  if (stdin.isTTY && !flags.yes && flags.domainName === undefined) {
    const existing = await questions.ask(existingQuestion(await oci.domains(compartmentOcid)));
    if (existing) return { existing };
  }
  const displayName = await questions.ask({
    flag: "domain-name",
    text: "Name of the identity domain to make",
    standard: `ords-${name}`,
  });
  return { compartmentOcid, displayName };
}

const existingQuestion = (choices: { value: string; about?: string }[]) => ({
  flag: "existing-domain",
  text: "URL or OCID of an identity domain that exists, or nothing to make one",
  standard: "",
  choices,
  problem: (given: string) =>
    given === "" || given.startsWith("ocid1.")
      ? undefined
      : problemAt({ existingDomain: { domainUrl: given } }, "existingDomain.domainUrl"),
});

type DatabaseAnswers = Pick<Answers, "user" | "connectString" | "wallet" | "passwordVariable">;

async function askDatabase(
  name: string,
  questions: Questions,
  looksUp: boolean,
  flags: InitFlags,
  terminal: Terminal,
): Promise<DatabaseAnswers & { lookups: SchemaLookups | undefined }> {
  const connectString = await questions.ask({
    flag: "connect-string",
    text: "Connect string of the database, such as tcps://HOST:1522/SERVICE, or an alias of tnsnames.ora",
    standard: flags.offline ? `tcps://${placeholder}:1522/SERVICE` : undefined,
    problem: (text) =>
      problemAt({ database: { connection: { user: "U", connectString: text } } }, "database.connection"),
  });
  const wallet = await questions.ask({ flag: "wallet", text: "Folder of the wallet", standard: "" });
  const user = await questions.ask({
    flag: "user",
    text: "Database user to log in as: the schema, or an administrator of ORDS",
    standard: flags.offline ? "HELLO" : undefined,
    problem: (text) =>
      problemAt({ database: { connection: { user: text, connectString: "c" } } }, "database.connection"),
  });
  const passwordVariable = await questions.ask({
    flag: "password-variable",
    text: "Environment variable that holds the password",
    standard: `ORDS_JWT_${name.toUpperCase().replaceAll("-", "_")}_PASSWORD`,
    problem: (text) => problemAt({ database: { passwordVariable: text } }, "database.passwordVariable"),
  });
  const answers = { connectString, wallet, user, passwordVariable };
  if (!looksUp || !connectString || !user) return { ...answers, lookups: undefined };
  const connection = { user, connectString, ...(wallet && { configDir: wallet, walletLocation: wallet }) };
  const canLogIn = terminal.stdin.isTTY || process.env[passwordVariable];
  if (!canLogIn) terminal.error(`schemas and modules are not looked up: ${passwordVariable} is not set`);
  const target = { database: { schema: user, passwordVariable, connection } } as Pick<Environment, "database">;
  return { ...answers, lookups: canLogIn ? await schemaLookups(target, terminal) : undefined };
}

/** What an environment file's own rules say of one entry of it. */
function problemAt(part: object, path: string): string | undefined {
  const issues = environmentSchema.safeParse(part).error?.issues ?? [];
  return issues.find((issue) => issue.path.join(".").startsWith(path))?.message;
}

/** The repository's own, which the package has with it. */
function localEnvironment(): string {
  return readFileSync(join(require.resolve("ords-jwt/package.json"), "../environments/local.ts"), "utf8");
}

function next(name: string, text: string, answers: Answers | undefined): string {
  const open = text.split("\n").flatMap((line, index) => (line.includes(placeholder) ? [index + 1] : []));
  const password = /passwordVariable: "(\w+)"/.exec(text)?.[1];
  if (answers === undefined) {
    return `
It leads to the stand-ins that run in a checkout of ords-jwt: npm start -- --empty, which says what to type next.`;
  }
  const first = [
    ...(open.length > 0 ? [`replace ${placeholder} in environments/${name}.ts, line ${open.join(" and ")}`] : []),
    ...(password ? [`put the password of the database user into ${password}`] : []),
  ];
  const isSample = answers.modules.join() === "hello";
  const url = answers.apiUrl ? "" : " --url https://HOST/ords/...";
  return `
First ${first.join(", and ")}. Then:

  npx ords-jwt diff ${name}
  npx ords-jwt deploy ${name}${isSample ? " --sample-api" : ""}
  npx ords-jwt verify ${name}${url}`;
}
