import { type OpenedStatement, sha256Text } from "@papo/link";
import type { AccountKey } from "@papo/protocol";
import { push } from "./causality.ts";
import type { ControlNode } from "./control-node.ts";

/** What a room has seen of one account's statements. docs/protocol/room-log.md §4.8 */
export type AccountStatements = {
  readonly newest: OpenedStatement;
  /** Texts that contradict an earlier one: whoever carries them carries nothing. */
  readonly refused: ReadonlySet<string>;
};

/** Statements by account. Every entry's statement counts, since the account itself signed it; of contradicting ones, the first by (depth, id). */
export function adoptStatements(ordered: readonly ControlNode[]): ReadonlyMap<AccountKey, AccountStatements> {
  const seen = new Map<AccountKey, OpenedStatement[]>();
  for (const { evidence } of ordered) {
    const { statement } = evidence;
    if (statement === undefined) continue;
    const { account } = statement.statement;
    if (seen.get(account)?.some(({ signed }) => signed.text === statement.signed.text) !== true) {
      push(seen, account, statement);
    }
  }
  return new Map([...seen].flatMap(([account, opened]) => adopt(account, opened)));
}

const NONE: ReadonlySet<string> = new Set();

function adopt(account: AccountKey, seen: readonly OpenedStatement[]): [AccountKey, AccountStatements][] {
  const [only] = seen;
  if (only === undefined) return [];
  if (seen.length === 1) return [[account, { newest: only, refused: NONE }]];
  const refused = new Set<string>();
  // Sorting keeps the order of those with one version.
  const adopted: OpenedStatement[] = [];
  for (const next of seen.toSorted((a, b) => a.statement.version - b.statement.version)) {
    const known = adopted.at(-1);
    if (known !== undefined && contradicts(known, next)) refused.add(next.signed.text);
    else adopted.push(next);
  }
  return [[account, { newest: adopted.at(-1) ?? only, refused }]];
}

function contradicts(known: OpenedStatement, next: OpenedStatement): boolean {
  const ahead = next.statement.version - known.statement.version;
  return ahead === 0 || (ahead === 1 && next.statement.prev !== sha256Text(known.signed.text));
}
