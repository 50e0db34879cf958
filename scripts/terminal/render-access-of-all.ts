import type { AccessOfAll, ClientOfSeveral } from "../../access/all";
import { counted, few } from "../../access/findings";
import type { AccessMap } from "../../access/model";
import { colours } from "./colours";
import {
  type Branch,
  findingBranches,
  folding,
  head,
  lockBranch,
  openBranch,
  stackInWords,
  tokensInWords,
  tree,
  unseenBranch,
  verdict,
} from "./render-access";

/** What holds for a client of several APIs. */
export const audienceRule = "a token is for one audience: whoever calls several APIs gets a token for each audience";

/** How many of a kind are listed before the rest becomes a count. */
const most = { locks: 4, clients: 12, tokens: 12, stacks: 20 };

/** One map of several stacks as a tree; `unfold` lists what is folded otherwise. */
export function renderAccessOfAll({ maps, findings, clients, unseen }: AccessOfAll, unfold = false): string {
  const fold = folding(unfold);
  const stackBranch = (map: AccessMap): Branch => ({
    text: `${stackInWords(map)}: ${tokensInWords(map)}`,
    colour: colours.bold,
    children: [
      ...openBranch(map, fold),
      ...fold(map.locks, most.locks, (lock) => lockBranch(lock, map, fold), "more privileges"),
    ],
  });
  const clientBranch = (client: ClientOfSeveral): Branch => ({
    text: severalInWords(client),
    colour: client.madeBy === null ? colours.magenta : undefined,
    children: fold(client.tokens, most.tokens, (token) => ({ text: tokenInWords(token) }), "more tokens"),
  });
  const about = clients.length === 0 ? "no client is known that may use several of these APIs" : audienceRule;
  return [
    ...head([`Who can call what: ${counted(maps.length, "stack")}`]),
    verdict(findings),
    ...tree([
      ...findingBranches(findings, fold, ({ stacks, what }) => `${few(stacks)}: ${what}`),
      {
        text: `Clients of several APIs: ${about}`,
        colour: colours.bold,
        children: fold(clients, most.clients, clientBranch, "more clients"),
      },
      ...fold(maps, most.stacks, stackBranch, "more stacks"),
      unseenBranch(unseen.map(({ what, stacks }) => unseenInWords(what, stacks, maps.length))),
    ]),
  ].join("\n");
}

/** Which client it is, and whose. */
export function severalInWords({ name, clientId, madeBy, domainUrl, tokens }: ClientOfSeveral): string {
  const whose = madeBy === null ? "made by none of these stacks" : `made by stack ${madeBy}`;
  return `${name} (${clientId}) of ${new URL(domainUrl).host}, ${whose}: ${counted(tokens.length, "token")}`;
}

/** What a token is for, and what it opens where. */
export function tokenInWords({ audience, uses }: ClientOfSeveral["tokens"][number]): string {
  const several = uses.length > 1 ? ` (one token for ${uses.length} stacks)` : "";
  const each = uses.map(({ stack, scopes, opens }) => {
    const what = opens.length > 0 ? `opens ${few(opens)}` : "is not known to open anything";
    return `${stack} by ${few(scopes)}, ${what}`;
  });
  return `for ${audience}${several}: ${each.join("; ")}`;
}

/** What is not seen, and of which stacks if not of all. */
export function unseenInWords(what: string, stacks: readonly string[], count: number): string {
  return stacks.length === count ? what : `of ${few(stacks)}: ${what}`;
}
