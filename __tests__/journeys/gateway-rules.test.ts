import { type GatewayRules, otherReadings } from "@ords-jwt/stand-ins/ords";
import { Agent, request } from "undici";
import { Deployed } from "../scripts/deployed";

// What ORDS does is not known in every point: what we register must open and close the API under each reading.
const readings: Partial<GatewayRules>[] = [{}, ...otherReadings, Object.assign({}, ...otherReadings)];

let at: Deployed;
const gateways: Awaited<ReturnType<Deployed["standIns"]["openGateway"]>>[] = [];
const agent = new Agent({ connect: { rejectUnauthorized: false } });

beforeAll(async () => {
  at = await Deployed.start();
  await at.register();
  for (const rules of readings) gateways.push(await at.standIns.openGateway(rules));
});
afterAll(async () => {
  await agent.close();
  for (const gateway of gateways) await gateway.close();
  await at.close();
});

const api = (index: number) => `${gateways[index]?.url}/hello/hello/me`;

test.each(readings.map((rules, index) => [JSON.stringify(rules), index] as const))(
  "under %s a registered API passes verify: open with the token, closed without, with a wrong and with a tampered one",
  async (_rules, index) => {
    const { code, stdout, stderr } = await at.run(["verify", "local", "--url", api(index)]);
    expect([code, stdout.match(/^FAILED.*/gm), stderr]).toEqual([0, null, expect.any(String)]);
    expect(stdout.match(/^ok /gm)).toHaveLength(12);
  },
);

test("what was unregistered stays closed under every reading", async () => {
  const token = await at.token();
  expect(await at.run(["unregister", "local"])).toMatchObject({ code: 0 });
  for (const index of readings.keys()) {
    for (const authorization of [undefined, `Bearer ${token}`]) {
      const answer = await request(api(index), {
        dispatcher: agent,
        headers: authorization ? { authorization } : {},
      });
      await answer.body.dump();
      expect([readings[index], answer.statusCode]).toEqual([readings[index], 401]);
    }
  }
});
