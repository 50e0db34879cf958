import { explain, mayPass } from "../../../ords/database/errors";

const error = (code: string, message = `${code}: something`) => Object.assign(new Error(message), { code });

test.each([
  ["ORA-20012", /not REST-enabled/, /ENABLE_SCHEMA/],
  ["ORA-06598", /rights of this user/, /GRANT INHERIT PRIVILEGES ON USER .* TO ORDS_METADATA/],
  ["ORA-01017", /user name or password/, /password variable/],
  ["ORA-12514", /does not know this service/, /service name/],
  ["ORA-08177", /another session/, /run the command again/],
  ["ORA-00001", /another session/, /run the command again/],
  ["ORA-01031", /lacks a privilege/, /ORDS_ADMINISTRATOR_ROLE/],
  ["ORA-12899", /longer than ORDS takes/, /shorten/],
  ["NJS-503", /nothing answers/, /host, port/],
  ["NJS-500", /connection was lost/, /run the command again/],
  ["NJS-501", /connection was lost/, /run the command again/],
  ["NJS-520", /alias/, /TNS_ADMIN/],
])("%s has a cause in plain words and a remedy", (code, cause, remedy) => {
  expect(explain(error(code))?.cause).toMatch(cause);
  expect(explain(error(code))?.remedy).toMatch(remedy);
});

test("of several codes in one error stack, the one that tells most is explained", () => {
  const stack = "ORA-06550: line 2, column 3:\nPLS-00201: identifier 'ORDS.X' must be declared";
  expect(explain(error("ORA-06550", stack))?.cause).toMatch(/ORDS is not installed/);
  const wrapped = "ORA-01403: no data found\nORA-00001: unique constraint (ORDS_METADATA.X) violated";
  expect(explain(error("ORA-01403", wrapped))?.remedy).toMatch(/run the command again/);
});

test("what is not known is not explained, and what is no error of the driver neither", () => {
  expect(explain(error("ORA-99999"))).toBeUndefined();
  expect(explain(new Error("ORA-01017"))).toBeUndefined();
});

test("only a database that is starting is worth waiting for", () => {
  for (const code of ["NJS-503", "NJS-511", "NJS-518", "ORA-12514"]) expect(mayPass(error(code))).toBe(true);
  for (const code of ["ORA-01017", "NJS-530", "NJS-520", "ORA-28000"]) expect(mayPass(error(code))).toBe(false);
});
