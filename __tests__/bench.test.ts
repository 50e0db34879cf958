import { chart, shareOf } from "../bench/chart";
import { type Figure, findingOf } from "../bench/line";
import { lines } from "../bench/lines";
import { type Measured, merged } from "../bench/measured";
import { inTurn } from "../bench/pairs";
import { childrenSeconds, processorSeconds } from "../bench/processes";
import { ratios, summarize } from "../bench/statistics";
import { markdown } from "../bench/table";
import { number } from "../bench/words";

const figure: Figure = {
  what: "start <a> & b",
  unit: "s of processor",
  values: [3, 1, 2],
  against: "node",
  others: [1, 1, 1],
  aim: { of: "times", atMost: 2 },
};
const measured = (name: string, ...figures: Figure[]): Measured => ({
  name,
  limit: "the disk",
  date: "2026-11-27",
  machine: "a machine",
  findings: figures.map(findingOf),
});

test("a median is the middle one, or lies between the two in the middle", () => {
  expect(summarize([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(summarize([4, 1, 2, 10])).toEqual({ median: 3, min: 1, max: 10 });
  expect(() => summarize([])).toThrow("nothing was measured");
});

test("figures are compared pair by pair, not by their medians", () => {
  expect(ratios([2, 30, 8], [1, 10, 2])).toEqual([2, 3, 4]);
  expect(() => ratios([1], [])).toThrow("1 values cannot be paired with 0");
  expect(findingOf({ ...figure, values: [2, 30, 8], others: [1, 10, 2] }).compared).toEqual({
    median: 3,
    min: 2,
    max: 4,
  });
});

test.each([
  [{ of: "times", atMost: 2 }, true, 1],
  [{ of: "times", atMost: 1.9 }, false, 2 / 1.9],
  [{ of: "faster", atLeast: 0.5 }, true, 1],
  [{ of: "faster", atLeast: 4 }, false, 8],
  [{ of: "value", atMost: 4 }, true, 0.5],
] as const)("an aim of %j is met: %s", (aim, isMet, share) => {
  const finding = findingOf({ ...figure, aim });
  expect(finding.isMet).toBe(isMet);
  expect(shareOf(finding)).toBeCloseTo(share);
});

test("what has no alternative can have no aim beside one", () => {
  expect(() => findingOf({ ...figure, others: undefined })).toThrow(
    "has an aim beside something that was not measured",
  );
  expect(findingOf({ ...figure, others: undefined, aim: undefined }).isMet).toBeUndefined();
});

test("measurements take turns, the first of a round in turn too, after one that is not counted", async () => {
  const order: string[] = [];
  let count = 0;
  const measure = (name: string) => async () => {
    order.push(name);
    return ++count;
  };
  const found = await inTurn(3, { a: measure("a"), b: measure("b") });
  expect(order.join("")).toBe("ababbaab");
  expect(found).toEqual({ a: [3, 6, 7], b: [4, 5, 8] });
});

test("processor seconds are those of the program's children, read as bash prints them", async () => {
  expect(childrenSeconds("0m0.004s 0m0.001s\n1m2.500s 0m0.250s\n")).toBeCloseTo(62.75);
  expect(() => childrenSeconds("")).toThrow("the shell told no times");
  const work = "const end = process.cpuUsage().user + 2e5; while (process.cpuUsage().user < end);";
  const child = `require("node:child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(work)}])`;
  expect(await processorSeconds({ command: [process.execPath, "-e", child] })).toBeGreaterThan(0.2);
  await expect(processorSeconds({ command: ["sh", "-c", "echo broken; exit 3"] })).rejects.toThrow(
    /ended with 3\nbroken/,
  );
});

test("the chart has a bar for each aim, as long as it takes of it, and both colours", () => {
  const within: Figure = { ...figure, what: "half", values: [1], others: [1] };
  const beyond: Figure = { ...figure, what: "double", values: [4], others: [1] };
  const stated: Figure = { ...figure, what: "only stated", aim: undefined };
  const svg = chart([measured("one", within, figure), measured("two", beyond, stated)]);
  const bars = [...svg.matchAll(/<rect class="(\w+)" .*?width="([\d.]+)"/g)].map(([, kind, length]) => [
    kind,
    Number(length),
  ]);
  const [, goal] = /<path class="goal" d="M(\d+) /.exec(svg) ?? [];
  const [, left] = /<rect .*? x="(\d+)"/.exec(svg) ?? [];
  const whole = Number(goal) - Number(left);
  expect(bars).toEqual([
    ["met", whole / 2],
    ["met", whole],
    ["missed", expect.any(Number)],
  ]);
  expect(bars[2]![1]).toBeGreaterThan(whole);
  expect(svg).toContain("start &lt;a&gt; &amp; b");
  expect(svg).toContain("2 of 3 aims are met");
  expect(svg).toContain("prefers-color-scheme: dark");
  expect(svg).not.toContain("only stated");
});

test("the table has each figure with its spread, its alternative, and whether its aim is met", () => {
  const table = markdown([measured("one", figure, { what: "alone", unit: "MB", values: [1234.5] })]);
  expect(table).toContain(
    "| `one` | start <a> & b | 2 s of processor (1 to 3) | node: 1 s of processor | 2 times (1 to 3) | at most 2 times | met |",
  );
  expect(table).toContain("|  | alone | 1,235 MB | - | - | stated |  |");
  expect(table).toContain("- `one`: the disk");
  expect([0.1234, 12.34, 0].map(number)).toEqual(["0.123", "12.3", "0"]);
});

test("a run of some lines leaves the figures of the others, and those of lines that are gone go", () => {
  const [a, b, newer] = [measured("a"), measured("b"), { ...measured("a"), date: "2026-11-28" }];
  expect(merged([b, a, measured("gone")], [newer], ["a", "b", "c"])).toEqual([newer, b]);
  expect(new Set(lines.map(({ name }) => name)).size).toBe(lines.length);
});
