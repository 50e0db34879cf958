import { withoutSecret } from "../../../scripts/terraform/run";

test.each([
  ['  ~ client_secret = "idcscs-old" -> "other-secret"', "  ~ client_secret (hidden)"],
  ['{"clientSecret":"anything","name":"x"}', '{"clientSecret (hidden)'],
  ['body: \\"client_secret\\":\\"anything\\"', 'body: \\"client_secret (hidden)'],
  ["the secret is idcscs-0b1c-22 today", "the secret is (hidden) today"],
])("a client secret is shown in no form: %j", (line, shown) => {
  expect(withoutSecret(line)).toBe(shown);
});

test("other lines stay as they are", () => {
  expect(withoutSecret('  + display_name = "hello-api"')).toBe('  + display_name = "hello-api"');
});
