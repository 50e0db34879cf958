import { rows } from "../trust/rows";

test.each(rows.map((row) => [row.name, row] as const))(
  "%s: a few cases, and none breaks its promise",
  async (_name, row) => {
    const { cases, broken, examples } = await row.run(row.inTests ?? 2);
    expect(examples).toEqual([]);
    expect(Object.values(broken).every((count) => count === 0)).toBe(true);
    expect(cases).toBeGreaterThan(0);
  },
);
