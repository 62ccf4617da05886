import type { AccountKey, Cut, DeviceKey } from "@papo/protocol";
import { type Causality, push } from "./causality.ts";
import type { ControlNode } from "./control-node.ts";

/** An entry by which an account is no member any more. */
export type End = {
  readonly node: ControlNode;
  readonly account: AccountKey;
  readonly kind: "left" | "removed";
  readonly isBar: boolean;
  /** Of whoever removed it; the lower the higher. */
  readonly rank: number;
  readonly cuts: ReadonlyMap<DeviceKey, Cut>;
};

export function endOf(node: ControlNode, rank: number): End | undefined {
  const { says } = node;
  if (says?.kind !== "remove" && says?.kind !== "leave") return undefined;
  const cuts = new Map(says.body.cuts.map((cut) => [cut.device, cut]));
  return says.kind === "leave"
    ? { node, account: node.account, kind: "left", isBar: false, rank, cuts }
    : { node, account: says.body.account, kind: "removed", isBar: says.body.bar, rank, cuts };
}

/** Ends that count, by account. */
export class Ends {
  readonly #causality: Causality;
  readonly #byAccount = new Map<AccountKey, End[]>();
  readonly #removalsByAccount = new Map<AccountKey, End[]>();
  readonly #nodes = new Set<ControlNode>();

  constructor(causality: Causality) {
    this.#causality = causality;
  }

  add(end: End): void {
    push(this.#byAccount, end.account, end);
    if (end.kind === "removed") push(this.#removalsByAccount, end.account, end);
    this.#nodes.add(end.node);
  }

  /** Whether this entry ends a membership. */
  has(node: ControlNode): boolean {
    return this.#nodes.has(node);
  }

  of(account: AccountKey): readonly End[] {
    return this.#byAccount.get(account) ?? NONE;
  }

  accounts(): Iterable<AccountKey> {
    return this.#byAccount.keys();
  }

  /** Whether `node` comes after every end of the account that is `before` a point. */
  areBehind(account: AccountKey, node: ControlNode, before: Before): boolean {
    return this.of(account).every((end) => !before(end.node) || this.#causality.precedes(end.node, node));
  }

  /** Whether somebody removed its author without knowing of it, or took it back. What comes after a removal is for `areBehind`. */
  isUndone(node: ControlNode): boolean {
    const removals = this.#removalsByAccount.get(node.account) ?? NONE;
    return removals.some((end) => !this.#causality.precedes(end.node, node) && !this.#keeps(end, node));
  }

  /** A removal of its author that keeps it settles what else is wrong with it. */
  isKept(node: ControlNode): boolean {
    return this.#removalsByAccount.get(node.account)?.some((end) => this.#keeps(end, node)) ?? false;
  }

  #keeps({ node: end, cuts }: End, node: ControlNode): boolean {
    if (!this.#causality.precedes(node, end)) return false;
    const cut = cuts.get(node.header.author);
    return cut === undefined || node.header.seq <= (cut.control?.[0] ?? 0);
  }
}

/** Whether an entry lies before a point of the graph: an entry, or a list of heads. */
export type Before = (node: ControlNode) => boolean;

const NONE: readonly End[] = [];
