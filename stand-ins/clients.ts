/** Prints how clients of others fare with the stand-ins: run with `npm run clients -w @ords-jwt/stand-ins`. */
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { devDependencies } from "./package.json";

/** Where tests speak through a client that nobody here wrote: each file, or each outermost `describe` that names one. */
const clients: { file: RegExp; client: (outermost: string | undefined) => string | undefined }[] = [
  {
    file: /oracle-database\/net-\w+\.test\.ts$/,
    client: (title) =>
      title?.startsWith("oracledb ")
        ? title
        : title?.includes("python-oracledb")
          ? "python-oracledb 1.2 (its bytes)"
          : undefined,
  },
  { file: /oci\/sdk\.test\.ts$/, client: () => withVersion("oci-identitydomains") },
  { file: /oci\/openid-client\.test\.ts$/, client: () => withVersion("openid-client") },
];

/** What `jest --json` writes, as far as it is read here. */
export interface JestResults {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

/** Clients with their checks: those passed, those among them in which the client is refused, and those failed. */
export function tableOf({ testResults }: JestResults): string {
  const counts = new Map<string, { passed: number; refused: number; failed: number }>();
  for (const { name, assertionResults } of testResults) {
    const { client } = clients.find(({ file }) => file.test(name)) ?? {};
    for (const { ancestorTitles, title, status } of assertionResults) {
      // The first outermost title that names a client, however deep it stands.
      const found = client && (client(ancestorTitles[0]) ?? ancestorTitles.map(client).find(Boolean));
      if (!found) continue;
      const count = counts.get(found) ?? { passed: 0, refused: 0, failed: 0 };
      counts.set(found, count);
      if (status !== "passed") count.failed += 1;
      else count.passed += 1;
      if (status === "passed" && /\brefuse[sd]?\b/.test(title)) count.refused += 1;
    }
  }
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    "| client | checks passed | of which it is refused, as it should be | failed |",
    "| --- | --- | --- | --- |",
    ...rows.map(([client, { passed, refused, failed }]) => `| ${client} | ${passed} | ${refused} | ${failed} |`),
  ].join("\n");
}

function withVersion(name: "oci-identitydomains" | "openid-client"): string {
  return `${name} ${devDependencies[name]}`;
}

async function main(): Promise<void> {
  const root = dirname(__dirname);
  const jest = join(dirname(require.resolve("jest/package.json")), "bin", "jest.js");
  const files = ["oracle-database/net-", "oci/sdk.test.ts", "oci/openid-client.test.ts"];
  const args = [jest, "--json", "--silent", "--rootDir", root, ...files.map((file) => `stand-ins/__tests__/${file}`)];
  const printed = await new Promise<string>((resolve) => {
    // Failed checks are in the table, not in the exit code.
    execFile(process.execPath, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) => resolve(stdout));
  });
  console.log(tableOf(JSON.parse(printed) as JestResults));
}

if (require.main === module) void main();
