import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { request } from "undici";
import { Deployed } from "../../__tests__/scripts/deployed";
import type { Figure, Line } from "../line";
import { inTurn, ownProcessorSeconds, waitedSeconds } from "../pairs";
import { desired, Schema } from "../schema";

/** So many are one measurement. */
const count = 200;

export const standIns: Line = {
  name: "stand-ins",
  limit:
    "One thread. A login is the key derivation of Oracle's protocol, on both sides; a token and a request are a signature, TLS and what ORDS reads. Client and stand-in together.",
  async measure(repeat) {
    return [...(await ofDatabase(repeat)), ...(await ofServers(repeat))];
  },
};

async function ofDatabase(repeat: number): Promise<Figure[]> {
  const schema = await Schema.start();
  const larger = await Schema.start();
  try {
    let version = 0;
    const { logins, calls, hundred, thousand } = await inTurn(repeat, {
      logins: perSecond(count, () => schema.with(async () => {})),
      calls: () => schema.with((connection) => perSecond(count, () => connection.execute("SELECT 1 FROM dual"))()),
      hundred: () => ownProcessorSeconds(() => schema.register(desired(100, `label ${++version}`))),
      thousand: () => ownProcessorSeconds(() => larger.register(desired(1000, `label ${++version}`))),
    });
    return [
      { what: "logins to the database", unit: "per second", values: logins },
      { what: "calls of the database", unit: "per second", values: calls },
      {
        what: "1,000 privileges changed",
        unit: "s of processor",
        values: thousand,
        against: "ten times 100",
        others: hundred.map((seconds) => 10 * seconds),
        aim: { of: "times", atMost: 1.5 },
      },
    ];
  } finally {
    for (const each of [schema, larger]) await each.database.close();
  }
}

async function ofServers(repeat: number): Promise<Figure[]> {
  // The gateway keeps what it has read as long as ORDS does.
  const at = await Deployed.start({ metadataCacheMillis: undefined });
  try {
    await at.register();
    const token = await at.token();
    const call = async () => {
      const headers = { authorization: `Bearer ${token}` };
      const { statusCode, body } = await request(at.apiUrl, { headers, dispatcher: at.agent });
      await body.dump();
      if (statusCode !== 200) throw new Error(`the API answers ${statusCode}`);
    };
    const started = held();
    const { tokens, requests } = await inTurn(repeat, {
      tokens: perSecond(count, () => at.token()),
      requests: perSecond(count, call),
    });
    const first = held();
    for (let run = 0; run < 5; run++) await perSecond(count, call)();
    for (let run = 0; run < 5; run++) await perSecond(count, () => at.token())();
    return [
      { what: "tokens of the domain", unit: "per second", values: tokens },
      { what: "requests of the API", unit: "per second", values: requests },
      { what: "memory of a process with all stand-ins, driver and commands, at rest", unit: "MB", values: [started] },
      {
        what: `more memory after ${5 * count} further requests and tokens`,
        unit: "MB",
        values: [Math.max(0, held() - first)],
        aim: { of: "value", atMost: 8 },
      },
    ];
  } finally {
    await at.close();
  }
}

function perSecond(times: number, work: () => Promise<unknown>) {
  return async () => {
    const seconds = await waitedSeconds(async () => {
      for (let each = 0; each < times; each++) await work();
    });
    return times / seconds;
  };
}

/** Memory in use, in MB, without what is garbage. */
function held(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}
