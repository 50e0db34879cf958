import { toJson } from "../../ords/handlers";
import { bindNames } from "../../ords/parameters";

test.each([
  ["SELECT :a, :B, :a, : c FROM dual WHERE x=:d$1#", ["a", "b", "c", "d$1#"]],
  ["SELECT ':a', 'it''s :b', \":c\", :d FROM dual", ["d"]],
  ["SELECT q'[it's :a]', q'{:b}', Q'(:c)', nq'<:d>', q'!it's :e!', :f FROM dual", ["f"]],
  ["SELECT 1 -- :a\n/* :b\n:c */ + :d FROM dual", ["d"]],
  ["BEGIN x:=:a; y := 1; END;", ["a"]],
])("the bind names of %s", (sql, names) => {
  expect(bindNames(sql)).toEqual(names);
});

test("a date is written as UTC with the hours that the database shows", () => {
  expect(toJson(new Date(2026, 6, 2, 3, 4, 5))).toBe("2026-07-02T03:04:05Z");
  expect(toJson(new Date(2026, 0, 2, 3, 4, 5, 678))).toBe("2026-01-02T03:04:05.678Z");
});

test("bytes are written as base64, everything else as it is", () => {
  expect(toJson(Buffer.from("abc"))).toBe("YWJj");
  expect([1.5, "x", null].map(toJson)).toEqual([1.5, "x", null]);
});
