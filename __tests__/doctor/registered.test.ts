import { type Evidence, registered } from "../../doctor/cause";
import type { SeenProfile } from "../../ords/model";

const wanted = {
  issuer: "https://identity.oraclecloud.com/",
  audience: "https://hello.example.com/",
  jwkUrl: "https://domain.example.com/admin/v1/SigningCert/jwk",
  description: "Tokens of hello-api",
  allowedSkew: 30,
  allowedAge: 600,
  roleClaim: "/groups",
};
const evidence = (profile?: SeenProfile | null) =>
  ({ ords: { profile: wanted }, schema: profile === undefined ? undefined : { profile } }) as Evidence;

test("where the schema cannot be seen, or has no profile, the values of the stack decide", () => {
  expect(registered(evidence())).toEqual(wanted);
  expect(registered(evidence(null))).toEqual(wanted);
});

test("what the profile has decides, also that it has none; the stack only where the view has no such column", () => {
  const seen = { ...wanted, issuer: "https://other.example.com", allowedSkew: null, roleClaim: null };
  expect(registered(evidence({ ...seen, allowedAge: undefined }))).toEqual({ ...seen, allowedAge: 600 });
});

test("what neither has is null", () => {
  const { allowedSkew: _, ...rest } = wanted;
  expect(registered({ ords: { profile: rest } } as Evidence).allowedSkew).toBeNull();
});
