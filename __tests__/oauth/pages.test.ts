import { failedPage, signedInPage } from "../../oauth/pages";

const hostile = `<script>alert("1")</script>'&`;
const signedIn = { user: "alice", audience: "https://a/", scopes: ["read"], expires: new Date(Date.now() + 110_000) };

test.each([
  ["user", signedInPage({ ...signedIn, user: hostile })],
  ["audience", signedInPage({ ...signedIn, audience: hostile })],
  ["scope", signedInPage({ ...signedIn, scopes: [hostile] })],
  ["note", signedInPage({ ...signedIn, note: hostile })],
  ["error of the domain", failedPage(hostile, "do this")],
  ["remedy", failedPage("failed", hostile)],
])("a hostile %s is shown as text", (_what, { html }) => {
  expect(html).not.toContain(hostile);
  expect(html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;");
});

test("what turns the direction of text, or is not seen, is spelt out", () => {
  expect(signedInPage({ ...signedIn, user: "a\u202eb\u009bc\u200bd" }).html).toContain("a\\u202eb\\u009bc\\u200bd");
});

test("a page loads nothing and runs only its own script and style", () => {
  const { policy, html } = signedInPage(signedIn);
  const [, nonce] = /script-src 'nonce-([\w-]+)'/.exec(policy) ?? [];
  expect(policy).toMatch(/^default-src 'none'; /);
  expect(html.match(/<(script|style|link|img|iframe)\b[^>]*>/g)).toEqual([
    `<script nonce="${nonce}">`,
    `<style nonce="${nonce}">`,
  ]);
  expect(html).not.toMatch(/(src|href|url)\s*[=(]/);
  expect(signedInPage(signedIn).policy).not.toBe(policy);
});

test("who signed in, for what and until when is said; an error says what to do", () => {
  expect(signedInPage(signedIn).html).toMatch(
    /Signed in as <strong>alice<\/strong>[\s\S]*https:\/\/a\/[\s\S]*Scope<[\s\S]*read[\s\S]*UTC \(in 2 min\)/,
  );
  const { status, html } = failedPage("the domain said no", "ask again");
  expect(html).toMatch(/The domain said no\.[\s\S]*What to do[\s\S]*Ask again\./);
  expect(status).toBe(400);
});
