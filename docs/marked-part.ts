/**
 * A page with another part between `<!-- NAME: begin -->` and `<!-- NAME: end -->`.
 * @throws Error when it has no such marks
 */
export function withPart(page: string, name: string, markdown: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} ... ${end}`);
  return `${page.slice(0, from)}${begin}\n${markdown}\n${page.slice(to)}`;
}
