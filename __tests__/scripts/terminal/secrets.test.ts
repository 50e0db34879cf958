import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import * as oauth from "oauth4webapi";
import {
  beginRun,
  passwordIn,
  remember,
  takePasswords,
  withoutSecrets,
  withoutSecretVariables,
} from "../../../scripts/terminal/secrets";
import { Terminal } from "../../../scripts/terminal/terminal";

beforeEach(() => beginRun({}));

const secret = fc.string({ unit: "grapheme", minLength: 6, maxLength: 40 });
const around = fc.string({ maxLength: 20 });

test("a secret is taken out as it is, in JSON, in a URL and in a form", () => {
  fc.assert(
    fc.property(secret, (value) => {
      beginRun({});
      remember(value);
      const form = new URLSearchParams({ value });
      for (const shown of [value, JSON.stringify({ value }), `https://x/?${encodeURIComponent(value)}`, String(form)]) {
        expect(withoutSecrets(`before ${shown} behind`)).toContain("(hidden)");
      }
    }),
  );
});

test("a secret is taken out in hexadecimal digits, and as programs in Go write JSON", () => {
  const value = "s3cr3t<&>'\"\\";
  remember(value);
  const hex = Buffer.from(value).toString("hex");
  const go = `s3cr3t\\u003c\\u0026\\u003e'\\"\\\\`;
  expect(JSON.parse(`"${go}"`)).toBe(value);
  expect(withoutSecrets(`${hex} ${hex.toUpperCase()} ${go}`)).toBe("(hidden) (hidden) (hidden)");
});

test("each line of a key is a secret, but what stands around the key", () => {
  const [first, second] = ["MIIEvQIBADANBgkqhkiG9w0B", "AQEFAASCBKcwggSjAgEAAoIB"];
  beginRun({ OF_ANY_NAME: `-----BEGIN PRIVATE KEY-----\n${first}\r\n${second}\n-----END PRIVATE KEY-----\n` });
  expect(withoutSecrets(`  > ${second}\n  > ${first}\n-----END PRIVATE KEY-----`)).toBe(
    "  > (hidden)\n  > (hidden)\n-----END PRIVATE KEY-----",
  );
});

test("the password of a URL in any variable is a secret, as it is written and as it is meant", () => {
  beginRun({ HTTPS_PROXY: "http://ann:s3cr3t%2Fpart@proxy:3128", https_proxy: "ann:plain-s3cr3t@proxy:3128" });
  expect(withoutSecrets("http://ann:s3cr3t%2Fpart@proxy:3128, s3cr3t/part, plain-s3cr3t")).toBe(
    "http://ann:(hidden)@proxy:3128, (hidden), (hidden)",
  );
});

test("variables whose names say that they hold a secret are away for a while", async () => {
  const before = process.env;
  process.env = {
    TF_VAR_private_key_password: "Plann3d-1",
    TF_VAR_private_key_path: "/etc/key",
    OCI_CLI_PASSPHRASE: "x",
  };
  try {
    const during = await withoutSecretVariables(async () => ({ ...process.env }));
    expect(during).toEqual({ TF_VAR_private_key_path: "/etc/key" });
    expect(Object.keys(process.env)).toHaveLength(3);
  } finally {
    process.env = before;
  }
});

test("a secret is taken out of an Authorization header, whatever stands around it", () => {
  fc.assert(
    fc.property(secret, around, around, (value, before, behind) => {
      beginRun({});
      remember(value);
      for (const encoding of ["base64", "base64url"] as const) {
        const header = Buffer.from(`${before}:${value}${behind}`).toString(encoding);
        const rest = withoutSecrets(`Basic ${header}`);
        expect(rest).toContain("(hidden)");
        // What is left is too short to hold it.
        const left = rest.replace("Basic ", "").split("(hidden)");
        for (const part of left) expect(Buffer.from(part, encoding).toString()).not.toContain(value);
      }
    }),
  );
});

test("a secret is taken out of a header as a client of OAuth writes it", async () => {
  await fc.assert(
    fc.asyncProperty(secret, around, async (value, id) => {
      beginRun({});
      remember(value);
      const headers = new Headers();
      await oauth.ClientSecretBasic(value)({ issuer: "https://x" }, { client_id: id }, new URLSearchParams(), headers);
      expect(withoutSecrets(headers.get("authorization") ?? "")).toContain("(hidden)");
    }),
  );
});

test("of two secrets of which one holds the other, nothing is left", () => {
  remember("s3cr3t-of-wallet");
  remember(["s3cr3t", { deep: "another-one" }]);
  expect(withoutSecrets("s3cr3t-of-wallet, s3cr3t, another-one")).toBe("(hidden), (hidden), (hidden)");
});

test("words stay: what is too short to be told from them is no secret, nor is what a variable of another name holds", () => {
  beginRun({ PWD: "/home/ann/project", DB_PASSWORD: "Plann3d-1", GITHUB_TOKEN: "ghp_12345", TOKEN_FILE: "/etc/token" });
  remember("hello");
  expect(withoutSecrets("hello /home/ann/project /etc/token Plann3d-1 ghp_12345")).toBe(
    "hello /home/ann/project /etc/token (hidden) (hidden)",
  );
});

test("a run does not know the secrets of the one before", () => {
  remember("s3cr3t-of-before");
  beginRun({});
  expect(withoutSecrets("s3cr3t-of-before")).toBe("s3cr3t-of-before");
});

test("nothing leaves a terminal without being looked at", async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const terminal = new Terminal(new PassThrough(), stdout, stderr);
  remember('s3cr3t"quoted');
  terminal.log('a s3cr3t"quoted');
  terminal.stdout.write('b s3cr3t"quoted\n');
  terminal.json({ c: 's3cr3t"quoted' });
  terminal.end({ code: "database", message: 's3cr3t"quoted' });
  terminal.error('d s3cr3t"quoted');
  terminal.stderr.write('e s3cr3t"quoted\n');
  stdout.end();
  stderr.end();
  const shown = (await text(stdout)) + (await text(stderr));
  expect(shown.match(/\(hidden\)/g)).toHaveLength(6);
  expect(shown).not.toContain("s3cr3t");
});

test("a secret that is in JSON inside of a result is taken out too", async () => {
  const stdout = new PassThrough();
  const terminal = new Terminal(new PassThrough(), stdout, new PassThrough());
  const value = 's3cr3t"quoted\\';
  remember(value);
  terminal.json({ told: JSON.stringify({ value }) });
  terminal.end();
  stdout.end();
  expect(JSON.parse(await text(stdout))).toEqual({ told: '{"value":"(hidden)"}' });
});

test("what a library prints by the console leaves by the terminal, until the run is over", async () => {
  const stderr = new PassThrough();
  const before = { ...console };
  const restore = new Terminal(new PassThrough(), new PassThrough(), stderr).takeConsole();
  remember("s3cr3t-of-a-library");
  console.warn("Request failed: %s \u001b[2J", "s3cr3t-of-a-library");
  restore();
  stderr.end();
  expect(await text(stderr)).toBe("Request failed: (hidden) \\u001b[2J\n");
  expect({ ...console }).toEqual(before);
});

test("nothing that leaves a terminal drives one, whoever wrote it; JSON says the same as before", async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const terminal = new Terminal(new PassThrough(), stdout, stderr);
  const hostile = "\u001b]0;title\u0007\u009b2J\u009d\u202egnp\u200f\u061c\r\u2028";
  terminal.log(`\tresult ${hostile}\nsecond line`);
  terminal.error(hostile);
  const document = { hostile, "\u0085": ["\u007f"] };
  terminal.json(document);
  terminal.end({ code: "database", message: hostile });
  stdout.end();
  stderr.end();
  const [results, errors] = [await text(stdout), await text(stderr)];
  expect(results + errors).not.toMatch(/[^\P{Cc}\n\t]|\p{Bidi_Control}|\u2028/u);
  const spelt = "\\u001b]0;title\\u0007\\u009b2J\\u009d\\u202egnp\\u200f\\u061c\\u000d\\u2028";
  expect(results.startsWith(`\tresult ${spelt}\nsecond line\n{`)).toBe(true);
  expect(errors).toBe(`${spelt}\n`);
  expect(JSON.parse(results.slice(results.indexOf("{")))).toMatchObject(document);
});

test("passwords are taken out of the environment, are still known, and are forgotten with the run", () => {
  const before = process.env;
  process.env = { DB: "Correct-horse-9", OTHER: "kept", EMPTY: "" };
  try {
    takePasswords(["DB", undefined, "EMPTY", "ABSENT"]);
    expect(process.env).toEqual({ OTHER: "kept", EMPTY: "" });
    expect([passwordIn("DB"), passwordIn("OTHER"), passwordIn("ABSENT")]).toEqual([
      "Correct-horse-9",
      "kept",
      undefined,
    ]);
    expect(withoutSecrets("Correct-horse-9")).toBe("(hidden)");
    beginRun({});
    expect(passwordIn("DB")).toBeUndefined();
  } finally {
    process.env = before;
  }
});
