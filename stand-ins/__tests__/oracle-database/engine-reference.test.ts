import { reference, writtenReference } from "../../oracle-database/engine/reference";

test("the README lists what there is, from the tables of functions, views and packages", () => {
  // Else: npm run reference -w @ords-jwt/stand-ins
  expect(writtenReference()).toBe(reference());
});
