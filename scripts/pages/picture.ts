import type { AccessOfAll } from "../../access/all";
import { type Graph, type GraphNode, graphOf, type NodeKind } from "../../access/graph";
import { graphOfAll } from "../../access/graph-of-all";
import type { AccessMap, Change } from "../../access/model";
import { grantInWords, whoInWords } from "../terminal/render-access";
import { withoutSecrets } from "../terminal/secrets";
import { type Html, html } from "./html";

type Columns = readonly { readonly kind: NodeKind; readonly head: string }[];

const callers: Columns = [
  { kind: "who", head: "Who" },
  { kind: "client", head: "Client, by its grants" },
];
const columnsOfOne: Columns = [
  ...callers,
  { kind: "lock", head: "Scope and privilege" },
  { kind: "resource", head: "What it opens" },
];
const columnsOfAll: Columns = [
  ...callers,
  { kind: "lock", head: "Stack, and audience of its tokens" },
  { kind: "resource", head: "Schema" },
];
/** In units of the picture, about as many pixels. */
const size = { box: 226, gap: 72, line: 17, padding: 9, between: 14, margin: 16, head: 34 };
/** Characters that surely fit into a line of a box. */
const fitting = 29;

const signs: Record<Change, string> = { added: "+", removed: "−", changed: "~" };

interface Box {
  readonly node: GraphNode;
  readonly lines: readonly { readonly text: string; readonly isFirst: boolean }[];
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** Boxes in four columns and the lines between them. Whatever is in it is in the text of the page, too. */
export function picture(map: AccessMap): Html {
  return drawing(graphOf(map, { who: whoInWords, grant: grantInWords }), columnsOfOne);
}

/** The same of several stacks. */
export function pictureOfAll(all: AccessOfAll): Html {
  return drawing(graphOfAll(all, { who: whoInWords, grant: grantInWords }), columnsOfAll);
}

function drawing({ nodes, edges }: Graph, columns: Columns): Html {
  const boxes = arranged(nodes, columns);
  const height = Math.max(120, ...[...boxes.values()].map((box) => box.y + box.height)) + size.margin;
  const width = 2 * size.margin + columns.length * size.box + (columns.length - 1) * size.gap;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Who can call what, as a picture; the same is listed below">
${columns.map(({ head }, index) => html`<text class="head" x="${columnAt(index)}" y="24">${head}</text>`)}
${edges.map(({ from, to, isPublic, change }) => html`<path class="${lookOf(isPublic && "public", change)}" d="${curve(boxes.get(from)!, boxes.get(to)!)}"/>`)}
${[...boxes.values()].map(drawn)}
</svg>`;
}

function columnAt(index: number): number {
  return size.margin + index * (size.box + size.gap);
}

/** Each column from the top, all of them around the same middle. */
function arranged(nodes: Graph["nodes"], columns: Columns): Map<string, Box> {
  const found = columns.map(({ kind }, column) => {
    let y = 0;
    return nodes
      .filter((node) => node.kind === kind)
      .map((node): Box => {
        const lines = linesOf(node);
        const box = { node, lines, x: columnAt(column), y, height: lines.length * size.line + 2 * size.padding };
        y += box.height + size.between;
        return box;
      });
  });
  const ends = found.map((column) => Math.max(0, ...column.map(({ y, height }) => y + height)));
  const highest = Math.max(...ends);
  return new Map(
    found.flatMap((column, index) =>
      column.map((box) => [box.node.id, { ...box, y: size.head + box.y + (highest - ends[index]!) / 2 }] as const),
    ),
  );
}

function linesOf({ lines }: GraphNode): Box["lines"] {
  return lines
    .filter((line) => line !== "")
    .flatMap((line, index) => broken(withoutSecrets(line)).map((text) => ({ text, isFirst: index === 0 })));
}

/** At most three lines that fit into a box; the whole text is in its title. */
function broken(text: string): string[] {
  const found = text.match(new RegExp(`.{1,${fitting}}(?:\\s|$)|.{1,${fitting}}`, "gsu")) ?? [];
  const lines = found.map((line) => line.trim()).filter((line) => line !== "");
  return lines.length <= 3 ? lines : [...lines.slice(0, 2), `${[...lines[2]!].slice(0, fitting - 1).join("")}…`];
}

function drawn({ node, lines, x, y, height }: Box): Html {
  const first = y + size.padding + 13;
  return html`<g class="${lookOf(node.mark, node.change)}"><title>${node.lines.join(", ")}</title><rect x="${x}" y="${y}" width="${size.box}" height="${height}" rx="7"/>${lines.map(
    ({ text, isFirst }, index) =>
      html`<text${!isFirst && html` class="about"`} x="${x + 11}" y="${first + index * size.line}">${text}</text>`,
  )}${node.change && html`<text class="sign" x="${x + size.box - 17}" y="${first}">${signs[node.change]}</text>`}</g>`;
}

/** What something is comes before what becomes of it. */
function lookOf(mark: string | false | undefined, change: Change | undefined): string {
  return [mark || change, change && `is-${change}`].filter(Boolean).join(" ");
}

function curve(from: Box, to: Box): string {
  const [x1, y1] = [from.x + size.box, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}
