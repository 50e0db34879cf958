import { audience, createKey, issuer, now, type Scenario, sign, startScenario, stopClock } from "./support";

stopClock();

const key = createKey("key-1");
const greeting = "SELECT 'hello ' || :current_user AS greeting FROM dual";
let ords: Scenario;

beforeAll(async () => {
  ords = await startScenario();
  ords.publish(key.jwk);
  await ords.module("a", "me", greeting);
  await ords.module("b", "me", greeting);
});
afterEach(() =>
  ords.run(`BEGIN
    FOR privilege IN (SELECT name FROM user_ords_privileges) LOOP
      ORDS.DELETE_PRIVILEGE(p_name => privilege.name);
    END LOOP;
    ORDS_SECURITY.DELETE_JWT_PROFILE;
  END;`),
);
afterAll(() => ords.close());

function token(claims: object): string {
  const payload = { sub: "scott", iss: issuer, aud: audience, iat: now() - 10, exp: now() + 100, ...claims };
  return sign({ alg: "RS256", kid: "key-1" }, payload, key);
}

/** What a call with these claims gets: 200, or 401 and the reason. */
async function outcome(target: string, claims?: object): Promise<string> {
  const { status, refusals } = await ords.call(target, claims && { token: token(claims) });
  return [status, ...refusals].join(" ");
}

describe("a resource without privilege is public", () => {
  test("without token and with any, which is not looked at", async () => {
    await ords.profile();
    await ords.privilege("hr.read", { module: "b" });
    ords.jwks.requests = 0;
    for (const token of [undefined, "junk"]) {
      const response = await ords.call("/a/me", { token });
      expect(response).toMatchObject({ status: 200, refusals: [] });
      expect(JSON.parse(response.text)).toEqual({ greeting: "hello " });
    }
    expect(ords.jwks.requests).toBe(0);
  });

  test("until one lists its module or matches its path", async () => {
    await ords.profile();
    await ords.privilege("hr.read", { module: "a" });
    await ords.privilege("hr.write", { pattern: "/b/*" });
    expect(await outcome("/a/me")).toBe("401 no_token");
    expect(await outcome("/b/me")).toBe("401 no_token");
  });

  test("and stays so when the pattern is for the bare path or has another case", async () => {
    await ords.profile();
    await ords.privilege("bare", { pattern: "/a" });
    await ords.privilege("upper", { pattern: "/A/*" });
    expect(await outcome("/a/me")).toBe("200");
  });
});

test("without a profile a protected resource answers 401 to every token", async () => {
  await ords.privilege("hr.read", { module: "a" });
  expect(await outcome("/a/me", { scope: "hr.read" })).toBe("401 no_profile");
  expect(await outcome("/a/me")).toBe("401 no_token");
});

test("deleting the profile closes what the privilege protects", async () => {
  await ords.profile();
  await ords.privilege("hr.read", { module: "a" });
  expect(await outcome("/a/me", { scope: "hr.read" })).toBe("200");
  await ords.run("BEGIN ORDS_SECURITY.DELETE_JWT_PROFILE; END;");
  expect(await outcome("/a/me", { scope: "hr.read" })).toBe("401 no_profile");
});

test.each(["/a/m%65", "/%61/me", "/x/../a/me", "/x/%2e%2e/a/me", "/b/../a/./me"])(
  "no spelling of the path gets around a pattern: %s",
  async (target) => {
    await ords.profile();
    await ords.privilege("hr.read", { pattern: "/a/*" });
    expect(await outcome(target)).toBe("401 no_token");
    expect(await outcome(target, { scope: "hr.read" })).toBe("200");
  },
);

test("below a pattern that leads nowhere, 401 comes before 404 and 405", async () => {
  await ords.profile();
  await ords.privilege("hr.read", { pattern: "/a/*" });
  expect(await outcome("/a/none")).toBe("401 no_token");
  expect(await outcome("/a/none", { scope: "hr.read" })).toBe("404");
  expect((await ords.call("/a/me", { method: "POST" })).status).toBe(401);
  expect((await ords.call("/a/me", { method: "POST", token: token({ scope: "hr.read" }) })).status).toBe(405);
});

describe("a scope-based profile", () => {
  beforeEach(async () => {
    await ords.profile();
    await ords.privilege("hr.read", { module: "a" });
  });

  test.each([{ scope: "hr.read" }, { scope: "openid hr.read hr.write" }, { scp: "hr.read" }])(
    "accepts %j",
    async (claims) => {
      expect(await outcome("/a/me", claims)).toBe("200");
    },
  );

  test.each([
    {},
    { scope: "" },
    { scope: "hr" },
    { scope: "hr.reader" },
    { scope: "HR.READ" },
    { scope: "ords/hr/hr.read" },
    { scope: "hr.read,hr.write" },
    { scope: "hr.write", scp: "hr.read" },
    { roles: ["hr.read"] },
  ])("refuses %j for want of the scope", async (claims) => {
    expect(await outcome("/a/me", claims)).toBe("401 missing_scope");
  });

  test.each([{ scope: ["hr.read"] }, { scp: ["hr.read"] }])("refuses %j: not a string", async (claims) => {
    expect(await outcome("/a/me", claims)).toBe("401 malformed_claim");
  });

  test("asks for every privilege on a resource", async () => {
    await ords.privilege("hr.me", { pattern: "/a/me" });
    expect(await outcome("/a/me", { scope: "hr.read" })).toBe("401 missing_scope");
    expect(await outcome("/a/me", { scope: "hr.me" })).toBe("401 missing_scope");
    expect(await outcome("/a/me", { scope: "hr.me hr.read" })).toBe("200");
  });

  test("the caller is told the same as for any bad token", async () => {
    const response = await ords.call("/a/me", { token: token({ scope: "other" }) });
    expect(response).toMatchObject({
      status: 401,
      headers: { "www-authenticate": 'Bearer realm="Oracle REST Data Services", error="invalid_token"' },
    });
  });
});

describe("a role-based profile", () => {
  beforeEach(async () => {
    await ords.profile({ roles: "/iam/groups" });
    await ords.run("BEGIN ORDS.CREATE_ROLE(:name); END;", { name: "hr_role" });
    await ords.privilege("with.role", { module: "a", role: "hr_role" });
    await ords.privilege("without.role", { module: "b" });
  });

  test("accepts a token with a role of the privilege", async () => {
    expect(await outcome("/a/me", { iam: { groups: ["other", "hr_role"] } })).toBe("200");
  });

  test.each([[], ["other"], ["HR_ROLE"], ["with.role"], [""]])("refuses the roles %j %j", async (...groups) => {
    expect(await outcome("/a/me", { iam: { groups } })).toBe("401 missing_role");
  });

  test("does not look at the scope", async () => {
    expect(await outcome("/a/me", { scope: "with.role", iam: { groups: [] } })).toBe("401 missing_role");
  });

  test.each([{}, { groups: ["hr_role"] }, { "iam/groups": ["hr_role"] }])(
    "refuses %j: no such claim",
    async (claims) => {
      expect(await outcome("/a/me", claims)).toBe("401 missing_role_claim");
      expect(await outcome("/b/me", claims)).toBe("401 missing_role_claim");
    },
  );

  test.each(["hr_role", "", null, { hr_role: true }, ["hr_role", 1]])(
    "refuses %j: not an array of strings",
    async (groups) => {
      expect(await outcome("/a/me", { iam: { groups } })).toBe("401 malformed_claim");
    },
  );

  test("a privilege without roles admits every token that has the claim", async () => {
    expect(await outcome("/b/me", { iam: { groups: [] } })).toBe("200");
    expect(await outcome("/b/me", { iam: { groups: ["any"] } })).toBe("200");
  });

  test("asks for every privilege on a resource", async () => {
    await ords.run("BEGIN ORDS.CREATE_ROLE(:name); END;", { name: "me_role" });
    await ords.privilege("me", { pattern: "/a/me", role: "me_role" });
    expect(await outcome("/a/me", { iam: { groups: ["hr_role"] } })).toBe("401 missing_role");
    expect(await outcome("/a/me", { iam: { groups: ["hr_role", "me_role"] } })).toBe("200");
  });
});
