import type { AccessOfAll } from "../access/all";
import { type Graph, type GraphNode, graphOf } from "../access/graph";
import { graphOfAll } from "../access/graph-of-all";
import type { AccessMap, Change } from "../access/model";
import { clean } from "./terminal/clean";
import { grantInWords, whoInWords } from "./terminal/render-access";

/** Around a label: what stands for a person, a client, a privilege and a module. */
const shapes = { who: ["([", "])"], client: ["[", "]"], lock: ["{{", "}}"], resource: ["[/", "/]"] } as const;

/** Colours that can be read on a light and on a dark page. */
const classes = [
  "classDef public fill:#ffd7d5,stroke:#b42318,color:#5c100a",
  "classDef closed fill:#e4e7ec,stroke:#475467,color:#1d2939,stroke-dasharray:4",
  "classDef foreign fill:#f3e4ff,stroke:#7a3db8,color:#3b1a5c",
  "classDef unknown fill:#fff1c9,stroke:#93660b,color:#4a3303",
  "classDef added stroke:#1a7f37,stroke-width:3px",
  "classDef removed stroke:#b42318,stroke-width:3px,stroke-dasharray:6",
  "classDef changed stroke:#93660b,stroke-width:3px",
];

const changes: Record<Change, string> = { added: "new: ", removed: "gone: ", changed: "changed: " };

/** A map as a fenced Mermaid diagram, for a page of Markdown. */
export function accessMermaid(map: AccessMap): string {
  return diagram(graphOf(map, { who: whoInWords, grant: grantInWords }));
}

/** One map of several stacks, in the same way. */
export function accessMermaidOfAll(all: AccessOfAll): string {
  return diagram(graphOfAll(all, { who: whoInWords, grant: grantInWords }));
}

function diagram(graph: Graph): string {
  const names = new Map(graph.nodes.map(({ id }, index) => [id, `n${index + 1}`]));
  const name = (id: string) => names.get(id)!;
  return [
    "```mermaid",
    "flowchart LR",
    ...graph.nodes.map((node) => `  ${name(node.id)}${box(node)}`),
    ...graph.edges.map(({ from, to, isPublic, change }) => `  ${name(from)} ${arrow(isPublic, change)} ${name(to)}`),
    ...graph.nodes.flatMap(({ id, mark, change }) => {
      const look = mark ?? change;
      return look ? [`  class ${name(id)} ${look}`] : [];
    }),
    ...classes.map((line) => `  ${line}`),
    "```",
  ].join("\n");
}

/** Dotted for what goes, thick for what is public. */
function arrow(isPublic: boolean, change: Change | undefined): string {
  if (change === "removed") return "-.->";
  return isPublic ? "==>" : "-->";
}

function box({ kind, lines, change }: GraphNode): string {
  const [open, close] = shapes[kind];
  const [first = "", ...rest] = lines.filter((line) => line !== "");
  return `${open}"${[`${change ? changes[change] : ""}${first}`, ...rest].map(label).join("<br/>")}"${close}`;
}

/** In a label nothing but letters, digits and what is plain in every reading stands for itself. */
function label(text: string): string {
  return clean(text).replace(/[^\p{L}\p{N} .,:/()_@+-]/gu, (character) => `#${character.codePointAt(0)};`);
}
