import { createDatabase } from "../../oracle-database/engine";
import { block, database, enabledHr, hr, refusal, rows, value } from "./engine-fixture";

const version = (release: string) => ({ ordsVersion: `${release}.0.r1230000` });

function adminOf(release: string) {
  const shared = database(version(release));
  block(shared.openSession("HR"), "ords.enable_schema; COMMIT;");
  return shared.openSession("ADMIN");
}

const create = (name: string, rest = "") =>
  `${name}.create_jwt_profile(p_issuer => 'i', p_audience => 'a', p_jwk_url => 'https://d'${rest});`;

describe("installed version", () => {
  test("can be read in SQL and PL/SQL, with and without its owner", () => {
    const session = hr(version("25.2"));
    expect(value(session, "ords.installed_version")).toBe("25.2.0.r1230000");
    expect(value(session, "ords_metadata.ords.installed_version()")).toBe("25.2.0.r1230000");
    expect(block(session, ":v := ords_metadata.ords.installed_version;", null)).toEqual(["25.2.0.r1230000"]);
  });

  test("without ORDS nothing of it exists", () => {
    const session = hr({ ordsVersion: null });
    expect(refusal(() => value(session, "ords.installed_version"))).toMatch(/^ORA-00904: "ORDS"."INSTALLED_VERSION"/);
    expect(() => block(session, "ords.enable_schema;")).toThrow(/PLS-00201: identifier 'ORDS.ENABLE_SCHEMA'/);
    expect(refusal(() => rows(session, "SELECT * FROM user_ords_schemas"))).toMatch(/^ORA-00942/);
  });

  test("a version that is none is refused when the database is made", () => {
    expect(() => createDatabase({ users: [], ordsVersion: "26" })).toThrow(/not of the form YY\.Q\.P\.rNNNNNNN/);
  });
});

describe("JWT profile packages", () => {
  test.each([
    ["23.2", []],
    ["23.3", ["oauth"]],
    ["24.2", ["oauth"]],
    ["24.3", ["oauth", "ords_security"]],
    ["25.2", ["oauth", "ords_security"]],
    ["25.3", ["ords_security"]],
    ["26.3", ["ords_security"]],
  ])("ORDS %s has %p", (release, available) => {
    const session = enabledHr(version(release));
    const admin = adminOf(release);
    for (const name of ["oauth", "ords_security"]) {
      const attempts = [
        () => block(session, `${name}.delete_jwt_profile; ${create(name)}`),
        () => block(admin, `${name}_admin.delete_jwt_profile('HR'); ${create(`${name}_admin`, ", p_schema => 'HR'")}`),
      ];
      for (const attempt of attempts) {
        if (available.includes(name)) expect(attempt).not.toThrow();
        else expect(attempt).toThrow(/PLS-00201/);
      }
      session.rollback();
      admin.rollback();
    }
  });

  test("the role claim came with 25.1, for ORDS_SECURITY only", () => {
    const role = ", p_role_claim_name => '/roles'";
    block(enabledHr(version("25.1")), create("ords_security", role));
    expect(() => block(enabledHr(version("24.4")), create("ords_security", role))).toThrow(/PLS-00306/);
    expect(() => block(enabledHr(version("25.1")), create("oauth", role))).toThrow(/PLS-00306/);
  });
});

describe("views by version", () => {
  const columns = (release: string) => {
    const result = hr(version(release)).execute("SELECT * FROM user_ords_jwt_profile", []);
    return result.kind === "query" ? result.columns.map(({ name }) => name) : [];
  };

  test("USER_ORDS_JWT_PROFILE came with 23.3 and shows the role claim from 25.1", () => {
    expect(() => columns("23.2")).toThrow(/^ORA-00942/);
    expect(columns("24.4")).not.toContain("ROLE_CLAIM_NAME");
    expect(columns("25.1")).toEqual([...columns("24.4"), "ROLE_CLAIM_NAME"]);
  });

  test("DBA_ORDS_* came with 24.4", () => {
    expect(rows(adminOf("24.4"), "SELECT * FROM dba_ords_jwt_profile")).toEqual([]);
    expect(refusal(() => rows(adminOf("24.3"), "SELECT * FROM dba_ords_jwt_profile"))).toMatch(/^ORA-00942/);
  });
});

describe("accounts and proxy sessions", () => {
  test("accounts are found by exact name", () => {
    expect(database().account("HR")).toMatchObject({ name: "HR", password: "hr" });
    expect(database().account("hr")).toBeUndefined();
    expect(database({ serviceName: "mine" }).serviceNames).toEqual(["mine"]);
    expect(refusal(() => database().openSession("NOPE"))).toMatch(/^ORA-01017/);
  });

  test("ORDS_PUBLIC_USER connects as a user who lets it, and is that user then", () => {
    const session = database().openSession("ORDS_PUBLIC_USER", "HR");
    expect(session.user).toBe("HR");
    expect(value(session, "USER || SYS_CONTEXT('USERENV', 'PROXY_USER')")).toBe("HRORDS_PUBLIC_USER");
  });

  test("refuses any other proxy", () => {
    for (const [user, client] of [
      ["ORDS_PUBLIC_USER", "SH"],
      ["SH", "HR"],
      ["ORDS_PUBLIC_USER", "NOPE"],
      ["HR", "HR"],
    ] as const) {
      expect(refusal(() => database().openSession(user, client))).toMatch(/^ORA-28150/);
    }
  });
});

describe("ALTER SESSION", () => {
  test("takes NLS settings and refuses what it does not know", () => {
    const session = hr();
    session.execute("ALTER SESSION SET NLS_DATE_FORMAT = 'YYYY' NLS_SORT = BINARY TIME_ZONE = '+00:00'", []);
    expect(refusal(() => session.execute("ALTER SESSION SET SQL_TRACE = TRUE", []))).toMatch(/^ORA-02248/);
    expect(refusal(() => session.execute("ALTER SESSION CLOSE DATABASE LINK x", []))).toMatch(/^ORA-00905/);
    expect(refusal(() => session.execute("ALTER SESSION SET NLS_SORT", []))).toMatch(/^ORA-00905/);
  });
});
