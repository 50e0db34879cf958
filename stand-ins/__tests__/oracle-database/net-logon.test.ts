import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type oracledb from "oracledb";
import { createCertificateAuthority } from "../../certificates";
import { OracleError } from "../../oracle-database/database";
import { Challenge, createVerifier, hex } from "../../oracle-database/net/o5logon";
import { type OracleDatabaseServer, startOracleDatabase } from "../../oracle-database/server";
import { drivers, serviceName, since } from "./net-drivers";
import { credentials, FakeDatabase } from "./net-fake-database";

test("computes the published O5LOGON exchange", () => {
  const salt = Buffer.from("37BFD81913CFDF01E4DA861FEADA4C68", "hex");
  const verifier = createVerifier("tiger-Ünïcode", salt);
  expect(hex(verifier.speedyKey)).toBe(
    "496BA1BBAA29A7C693AEF1948B141264232C073574D99F91802B6A443AA053F54626102A36B1D55D390F7614E3B9B601A471219687C4489D460FCB3C7FD30C46",
  );
  const serverKey = Buffer.from("030309CD9DDAD3F44E1C0E0EA7407065EB21A73F41724DE16001E4C7A94060CA", "hex");
  const challenge = new Challenge(verifier, serverKey, Buffer.from("65AD609600D778320ACD63F9B9F64E99", "hex"));
  expect(challenge.sessionKey).toBe("66DC095753B0FCA81112738A596DEBEA1567089A02E1AB0CA7B89DF68AA127E4");
  const clientKey = "38FF9A2DC863F09643744070E17851C3134FB2EBDDA42CC38F475ADC8BDFECA4";
  const proof =
    "914CAF052E8FE3F9316A97D2393273E586F7B03A07A8BCB03B570D073ED90E2C623E2948971944613D96CE8AE50AD65B3ECC5C95B8B0422E14F2CBA4ACF39CC8077D27A7EAFB197B9A04C58CFB45C5AD";
  expect(challenge.verify(clientKey, proof)).toMatch(/^[0-9A-F]{64}$/);
  expect(challenge.verify(clientKey, proof.replace(/.$/, "0"))).toBeUndefined();
  expect(challenge.verify(clientKey, "")).toBeUndefined();
  expect(challenge.verify("12", proof)).toBeUndefined();
});

describe.each(drivers)("%s", (_, oracledb) => {
  let database: FakeDatabase;
  let server: OracleDatabaseServer;

  beforeEach(async () => {
    database = new FakeDatabase(() => ({ kind: "ddl" }));
    server = await startOracleDatabase(database);
  });
  afterEach(() => server.close());

  const connect = (attributes: oracledb.ConnectionAttributes) =>
    oracledb.getConnection({ ...credentials, connectString: server.connectString, ...attributes });

  test("logs a user in, whatever the case of the name", async () => {
    const connection = await connect({ user: "Scott" });
    expect(database.sessions[0]?.user).toBe("SCOTT");
    expect(connection.oracleServerVersionString).toBe("19.0.0.0.0");
    expect(serviceName(connection)).toBe("FREEPDB1");
    await connection.ping();
    await connection.close();
    expect(database.sessions[0]?.log).toEqual([
      expect.stringMatching(/^ALTER SESSION SET TIME_ZONE ='.*'$/),
      "<close>",
    ]);
  });

  test("keeps the case of a quoted user name", async () => {
    await (await connect({ user: '"Mixed"' })).close();
    expect(database.sessions[0]?.user).toBe("Mixed");
    await expect(connect({ user: "Mixed" })).rejects.toThrow("ORA-01017");
  });

  test("refuses a wrong password and an unknown user alike", async () => {
    await expect(connect({ password: "wrong" })).rejects.toThrow("ORA-01017: invalid username/password; logon denied");
    await expect(connect({ user: "nobody" })).rejects.toThrow("ORA-01017: invalid username/password; logon denied");
    expect(database.sessions).toEqual([]);
  });

  if (since(oracledb, 6, 3)) {
    test("tells of a password that will expire, and logs the user in", async () => {
      const account = database.account.bind(database);
      const warning = new OracleError(28002, "ORA-28002: the password will expire within 5 days");
      database.account = (name) => ({ ...account(name)!, warning });
      const connection = await connect({});
      expect(connection.warning?.message).toContain("ORA-28002: the password will expire within 5 days");
      await connection.ping();
      await connection.close();
    });
  }

  test("gives a proxy user the session of its client", async () => {
    await (await connect({ user: "gateway[hello]" })).close();
    expect(database.sessions[0]?.user).toBe("HELLO");
  });

  test("refuses a proxy that is not allowed", async () => {
    await expect(connect({ user: "scott[hello]" })).rejects.toThrow("ORA-28150");
  });

  test("refuses a privileged logon, and one that asks for what is not supported", async () => {
    await expect(connect({ privilege: oracledb.SYSDBA })).rejects.toThrow("ORA-01031");
    await expect(connect({ newPassword: "other" })).rejects.toThrow("ORA-");
    if (since(oracledb, 6, 1)) {
      await expect(connect({ edition: "e1" })).rejects.toThrow("ORA-03001: unimplemented feature: AUTH_ORA_EDITION");
      const appContext: [string, string, string][] = [["CLIENTCONTEXT", "a", "b"]];
      await expect(connect({ appContext })).rejects.toThrow("ORA-03001: unimplemented feature: AUTH_APPCTX_NSPACE");
    }
    expect(database.sessions).toEqual([]);
  });

  test("knows its services and SIDs, and refuses others", async () => {
    const address = `(ADDRESS=(PROTOCOL=TCP)(HOST=localhost)(PORT=${server.port}))`;
    const descriptor = (data: string) => ({ connectString: `(DESCRIPTION=${address}(CONNECT_DATA=${data}))` });
    await (await connect(descriptor("(SID=free)"))).close();
    await (await connect(descriptor("(SERVER=DEDICATED)(SERVICE_NAME=Free)"))).close();
    await expect(connect({ connectString: `localhost:${server.port}/OTHER` })).rejects.toThrow("NJS-518");
    await expect(connect(descriptor("(SID=OTHER)"))).rejects.toThrow("NJS-519");
    await expect(connect(descriptor("(SERVER=POOLED)(SERVICE_NAME=FREE)"))).rejects.toThrow("ORA-12520");
  });

  test("reads a connect text that comes in a packet of its own", async () => {
    const padding = "(X=".padEnd(300, "x");
    await (
      await connect({
        connectString: `(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=localhost)(PORT=${server.port}))(CONNECT_DATA=${padding})(SERVICE_NAME=FREE)))`,
      })
    ).close();
    expect(database.sessions).toHaveLength(1);
  });

  test("works with the smallest and the largest packet size", async () => {
    for (const sdu of [512, 2_097_152])
      await (await connect({ connectString: `${server.connectString}?sdu=${sdu}` })).close();
    expect(database.sessions).toHaveLength(2);
  });

  test("speaks TLS", async () => {
    const authority = await createCertificateAuthority();
    const secure = await startOracleDatabase(database, { tls: await authority.issue() });
    try {
      expect(secure.connectString).toMatch(/^tcps:\/\/localhost:\d+\/FREEPDB1$/);
      const wallet = await authority.issue();
      const walletContent = [wallet.key, wallet.cert, authority.certPem].join("\n");
      const walletLocation = mkdtempSync(join(tmpdir(), "wallet-"));
      writeFileSync(join(walletLocation, "ewallet.pem"), walletContent);
      const wallets = since(oracledb, 6, 6) ? [{ walletContent }, { walletLocation }] : [{ walletLocation }];
      for (const attributes of wallets) {
        await (await connect({ connectString: secure.connectString, ...attributes })).close();
      }
      rmSync(walletLocation, { recursive: true });
      expect(database.sessions).toHaveLength(wallets.length);
      await expect(connect({ connectString: secure.connectString })).rejects.toThrow("certificate");
      await expect(connect({ connectString: secure.connectString.replace("tcps://", "") })).rejects.toThrow("NJS-");
    } finally {
      await secure.close();
    }
  });

  test("ends all sessions when it closes", async () => {
    const connection = await connect({});
    await server.close();
    await expect(connection.ping()).rejects.toThrow("NJS-500");
    expect(database.sessions[0]?.log.at(-1)).toBe("<close>");
    server = await startOracleDatabase(database);
  });
});
