import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { cases, pages, root } from "./pages";

/** What is written in a code block or as code links to nothing. */
function prose(text: string): string {
  return text.replace(/^```.*?^```/gms, "").replace(/`[^`]*`/g, "code");
}

/** Targets of a page's links and pictures that are not in the web. */
function links(text: string): string[] {
  const targets = [...prose(text).matchAll(/\]\(([^)\s]+)\)|src(?:set)?="([^"]+)"/g)].map(
    (match) => match[1] ?? match[2]!,
  );
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that GitHub gives to the headings of a page. */
function anchors(text: string): Set<string> {
  const headings = text.replace(/^```.*?^```/gms, "").matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map((match) =>
      match[1]!
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    ),
  );
}

test.each(cases)("$path: every link leads somewhere", ({ path, text }) => {
  const broken = links(text).filter((target) => {
    const [file = "", anchor] = target.split("#");
    const to = file === "" ? path : relative(root, join(root, path, "..", file));
    if (!existsSync(join(root, to))) return true;
    if (anchor === undefined) return false;
    return !anchors(pages.get(to) ?? readFileSync(join(root, to), "utf8")).has(anchor);
  });
  expect(broken).toEqual([]);
});

test.each(cases)("$path: every file that it names as code exists", ({ text }) => {
  const named = [...text.matchAll(/`([\w./-]+)`/g)].map((match) => match[1]!);
  const paths = named.filter((name) =>
    /^(bench|constructs|docs|environments|local|oauth|ords|providers|scripts|__tests__)\//.test(name),
  );
  // Names in capitals stand for the reader's own.
  expect(paths.filter((name) => !/[A-Z]{3}/.test(name) && !existsSync(join(root, name)))).toEqual([]);
});

test("every page can be reached from the README", () => {
  const reached = new Set(["README.md"]);
  for (const path of reached) {
    for (const target of links(pages.get(path) ?? "")) {
      const to = relative(root, join(root, path, "..", target.split("#")[0] || "."));
      if (pages.has(to)) reached.add(to);
    }
  }
  expect([...pages.keys()].filter((path) => !reached.has(path))).toEqual([]);
});
