import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { attachProvider } from "@ords-jwt/stand-ins/terraform-provider";
import { decodeJwt } from "jose";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { Agent, request } from "undici";
import { sampleUrl } from "../../local/journey";
import { type StandIns, startStandIns } from "../../local/stand-ins";
import schema from "../../providers/oci/schema.json";
import { run } from "../../scripts/terraform/run";
import { terraform } from "../../scripts/terraform/terraform";
import { type Ran, runInProcess } from "../scripts/in-process";
import { distrust, trust } from "../scripts/trust";
import { hasBrowser, launchBrowser } from "./browser-launch";

/** A folder that gets a picture of every page, in light, dark and narrow. */
const pictures = process.env.ORDS_JWT_SCREENSHOTS;
const password = "Correct-horse-9";

let folder: string;
let standIns: StandIns;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "browser-")));
  standIns = await startStandIns(folder);
  await apply();
  trust([readFileSync(join(folder, "ca.pem"), "utf8")]);
  expect(await ordsJwt(["register", "local", "--sample-api"])).toMatchObject({ code: 0 });
});
beforeAll(async () => {
  if (!hasBrowser) return;
  browser = await launchBrowser();
  // The certificates of the stand-ins are signed by an authority that nobody else trusts.
  context = await browser.newContext({ ignoreHTTPSErrors: true });
});
afterAll(async () => {
  await browser?.close();
  distrust();
  await standIns?.close();
  rmSync(folder, { recursive: true });
});

/** What `cdktf deploy` does, but for cdktf's command, with the provider served from here. */
async function apply(): Promise<void> {
  const provider = await attachProvider({ schema }, standIns.environment);
  const where = { cwd: folder, env: { ...standIns.environment, TF_REATTACH_PROVIDERS: provider.reattach } };
  const { code, lines } = await run(process.execPath, ["--require", "./scripts/typescript.js", "main.ts"], where);
  if (code !== 0) throw new Error(lines.join("\n"));
  await terraform("local", ["init", "-input=false"], where);
  await terraform("local", ["apply", "-auto-approve", "-input=false"], where);
  await provider.close();
}

if (!hasBrowser) console.warn("SKIPPED: no browser to sign in with. Install Chrome, or name one in CHROME_PATH.");
const inBrowser = hasBrowser ? test : test.skip;

const ordsJwt = (args: string[], onStderr?: (text: string) => void) =>
  runInProcess(args, { cwd: folder, env: standIns.environment, onStderr });

/** `ords-jwt token` up to the address that it prints, and its end. */
function token(...args: string[]): { address: Promise<string>; done: Promise<Ran> } {
  let found = (_address: string) => {};
  const printed = new Promise<string>((resolve) => {
    found = resolve;
  });
  const done = ordsJwt(["token", "local", "--no-browser", ...args], (text) => {
    const [, address] = /^ {2}(https:\S+)\n/m.exec(text) ?? [];
    if (address) found(address);
  });
  const without = done.then(({ stderr }) => Promise.reject(new Error(`no address was printed: ${stderr}`)));
  return { address: Promise.race([printed, without]), done };
}

/** Looks at a page in light, dark and narrow: nothing may stick out. */
async function look(page: Page, name: string): Promise<void> {
  const views = [
    ["light", 1024, "light"],
    ["dark", 1024, "dark"],
    ["narrow", 320, "light"],
  ] as const;
  for (const [view, width, colorScheme] of views) {
    await page.setViewportSize({ width, height: 720 });
    await page.emulateMedia({ colorScheme });
    const overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
    expect(`${name} ${view}: ${overflow}`).toBe(`${name} ${view}: 0`);
    if (pictures) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}-${view}.png`), fullPage: true });
    }
  }
}

inBrowser("a user of the stack chooses a password by the activation link", async () => {
  const page = await context.newPage();
  const [domain] = standIns.oci.domains();
  await page.goto(domain?.users()[0]?.activationUrl ?? "");
  await look(page, "activation");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Password again").fill(password);
  await page.getByRole("button").click();
  await page.getByText("alice@example.com can sign in now").waitFor();
  await page.close();
});

inBrowser("who declines is told what to do, on the page and in the terminal", async () => {
  const fresh = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await fresh.newPage();
  const { address, done } = token("--no-cache", "--openid");
  await page.goto(await address);
  await page.getByLabel("User name").fill("alice@example.com");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button").click();
  await page.getByRole("button", { name: "Do not allow" }).click();
  await page.getByRole("heading", { name: "Not signed in" }).waitFor();
  await look(page, "declined");
  await page.getByText("declined on the consent page").waitFor();
  const { code, stdout, stderr } = await done;
  expect(stderr).toMatch(/access_denied.*declined on the consent page/);
  expect([code, stdout]).toEqual([3, ""]);
  await fresh.close();
});

inBrowser("a person signs in, consents, and the API says hello", async () => {
  const page = await context.newPage();
  const { address, done } = token();
  await page.goto(await address);
  await look(page, "sign-in");
  await page.getByLabel("User name").fill("alice@example.com");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button").click();
  await page.getByText("incorrect user name or password").waitFor();
  await look(page, "wrong-password");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button").click();

  await page.getByText("Read greetings").waitFor();
  await look(page, "consent");
  await page.getByRole("button").first().click();

  await page.getByRole("heading", { name: "Signed in as alice@example.com" }).waitFor();
  await look(page, "landing");
  expect(await page.getByRole("definition").allTextContents()).toEqual([
    "https://hello.example.com/",
    expect.stringMatching(/^hello\.read\b/),
    expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC \(in (59|60) min\)$/),
  ]);
  // The code has left the address, and with it the history.
  expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);

  const { code, stdout, stderr } = await done;
  expect(code).toBe(0);
  expect(stderr).not.toContain(stdout.trim());
  expect(decodeJwt(stdout)).toMatchObject({ sub: "alice@example.com", aud: "https://hello.example.com/" });
  await expect(callApi(stdout.trim())).resolves.toEqual({ greeting: "Hello alice@example.com" });
  await page.close();
});

inBrowser("who is still signed in goes straight through, and --logout ends that", async () => {
  const page = await context.newPage();
  const again = token("--no-cache");
  await page.goto(await again.address);
  await page.getByRole("heading", { name: "Signed in as alice@example.com" }).waitFor();
  expect((await again.done).code).toBe(0);

  const logout = token("--logout");
  await page.goto(await logout.address);
  expect((await logout.done).code).toBe(0);

  const after = token("--no-cache", "--timeout", "1");
  await page.goto(await after.address);
  await page.getByLabel("User name").waitFor();
  expect((await after.done).stderr).toMatch(/nobody signed in within 1 s/);
  await page.close();
});

inBrowser("the map is a page to read, to search and to filter by keyboard, and without JavaScript too", async () => {
  const file = join(folder, "map.html");
  const { code, stderr } = await ordsJwt(["map", "local", "--html", file]);
  expect([code, stderr.trimEnd().split("\n").at(-1)]).toEqual([0, `written: ${file}`]);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  await page.goto(pathToFileURL(file).href);
  await look(page, "map");
  await page.keyboard.press("/");
  await page.keyboard.type("no such module");
  await page.getByText("0 of 1 shown").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("/hello/me").waitFor();
  await page.getByLabel("Show only").selectOption("public");
  await page.getByText("0 of 1 shown").waitFor();
  expect(complaints).toEqual([]);
  await page.close();

  const plain = await browser.newContext({ javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(pathToFileURL(file).href);
  await still.getByText("/hello/me").waitFor();
  expect(await still.getByRole("search").isVisible()).toBe(false);
  await plain.close();
});

async function callApi(bearer: string): Promise<unknown> {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const { body } = await request(sampleUrl(standIns), { dispatcher, headers: { authorization: `Bearer ${bearer}` } });
  const json = await body.json();
  await dispatcher.close();
  return json;
}
