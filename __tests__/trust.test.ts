import { rows } from "../trust/rows";
import { withRow } from "../trust/table";

test.each(rows.map((row) => [row.name, row] as const))(
  "%s: a few cases, and none breaks its promise",
  async (_name, row) => {
    const { cases, broken, examples } = await row.run(row.inTests ?? 2);
    expect(examples).toEqual([]);
    expect(Object.values(broken).every((count) => count === 0)).toBe(true);
    expect(cases).toBeGreaterThan(0);
  },
);

test("a row that is run replaces its own line and notes of the table, and leaves the others", () => {
  const row = (name: string) => ({ name, promise: `${name} is kept` });
  const result = (cases: number, ...notes: string[]) => ({ cases, broken: { lost: 0 }, notes });
  const empty = "# Page\n<!-- trust: begin -->\n<!-- trust: end -->\nmore\n";
  const names = ["a", "b"];
  const one = withRow(empty, names, row("b"), result(1, "first"), "2026-01-01");
  const two = withRow(one, names, row("a"), result(2), "2026-01-02");
  expect(withRow(two, names, row("b"), result(3_000, "second"), "2026-01-03")).toBe(`# Page
<!-- trust: begin -->
| row | what is promised | cases | broken | run on |
|---|---|---|---|---|
| \`a\` | a is kept | 2 | 0 lost | 2026-01-02 |
| \`b\` | b is kept | 3,000 | 0 lost | 2026-01-03 |

- \`b\`: second
<!-- trust: end -->
more
`);
  expect(() => withRow("# Page\n", names, row("a"), result(1), "2026-01-01")).toThrow(/has no <!-- trust: begin/);
});
