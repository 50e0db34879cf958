import { OciError } from "oci-common";
import { ociMessage } from "../../../scripts/oci/client";

const refusal = (status: number, message: string) =>
  new OciError(
    status,
    "NotAuthorizedOrNotFound",
    message,
    "id",
    "Identity",
    "ListDomains",
    "now",
    "https://x",
    "https://x",
  );

const needed = { verb: "manage", compartmentOcid: "ocid1.compartment.oc1..x" } as const;

test.each([401, 403, 404])("a refusal by %d names the policy that is missing", (status) => {
  const error = refusal(status, "Authorization failed");
  expect(ociMessage(error, needed)).toBe(
    `${status} Authorization failed; it takes a policy such as: allow group <group> to manage domains in compartment id ocid1.compartment.oc1..x`,
  );
});

test("what no policy would mend is told without one", () => {
  expect(ociMessage(refusal(500, "out of order"), needed)).toBe("500 out of order");
  expect(ociMessage(new Error("no configuration file"), needed)).toBe("no configuration file");
});

test("what cannot be reached is told with the reason below fetch, any other error by its own message", async () => {
  const error = await fetch("http://127.0.0.1:1/").catch((thrown) => thrown);
  expect(ociMessage(error, needed)).toMatch(/^cannot be reached: (connect ECONNREFUSED 127\.0\.0\.1:1|bad port)$/);
  expect(ociMessage(new Error("no credentials", { cause: new Error("inner") }), needed)).toBe("no credentials");
});
