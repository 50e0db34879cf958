import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tableOf } from "../clients";
import { drivers } from "./oracle-database/net-drivers";

const check = (ancestorTitles: string[], title: string, status = "passed") => ({ ancestorTitles, title, status });

test("counts the checks of each client: passed, refused as they should be, failed", () => {
  const table = tableOf({
    testResults: [
      {
        name: "/x/oracle-database/net-logon.test.ts",
        assertionResults: [
          check(["oracledb 7.0.1"], "logs a user in"),
          check(["oracledb 7.0.1"], "refuses a wrong password"),
          check(["oracledb 6.0.3"], "logs a user in", "failed"),
          check(["traffic", "the negotiation of python-oracledb 1.2, as its source writes it"], "is answered"),
          check([], "computes the published exchange"),
        ],
      },
      {
        name: "/x/oci/openid-client.test.ts",
        assertionResults: [check(["the device grant"], "is refused unless asked")],
      },
      { name: "/x/oci/scim.test.ts", assertionResults: [check(["oracledb 7.0.1"], "has nothing to do with it")] },
    ],
  });
  expect(table.split("\n").slice(2)).toEqual([
    "| openid-client 5.7.1 | 1 | 1 | 0 |",
    "| oracledb 6.0.3 | 0 | 0 | 1 |",
    "| oracledb 7.0.1 | 2 | 1 | 0 |",
    "| python-oracledb 1.2 (its bytes) | 1 | 0 | 0 |",
  ]);
});

test("the README quotes the table, with each driver that is tried", () => {
  const readme = readFileSync(join(__dirname, "..", "README.md"), "utf8");
  const quoted = [...readme.matchAll(/^\| (\S+ [\d.]+).*\| +(\d+) +\| +(\d+) +\| +(\d+) +\|$/gm)];
  expect(quoted.map(([, client]) => client)).toEqual(expect.arrayContaining(drivers.map(([client]) => client)));
  expect(quoted.map(([, , , , failed]) => failed)).toEqual(quoted.map(() => "0"));
});
