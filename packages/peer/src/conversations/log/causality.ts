import type { AccountKey, DeviceKey } from "@papo/protocol";
import type { ControlNode, Lane } from "./control-node.ts";

// Which control entry lies in the past of which. Entries of accounts with a rank decide most, and are few: every entry remembers how far it has seen
// each of their lanes. For the rest the graph is walked once for an entry and an account, and the answer, which never changes, is kept.

type LanePlaces = ReadonlyMap<Lane, number>;

const NOTHING = new Int32Array(0);

export class Causality {
  readonly #nodes: ControlNode[] = [];
  readonly #lanesByDevice = new Map<DeviceKey, Lane[]>();
  readonly #lanesByAccount = new Map<AccountKey, Lane[]>();
  /** Of each account's first entry to come. */
  readonly #firstIndexByAccount = new Map<AccountKey, number>();
  readonly #ranked = new Set<AccountKey>();
  readonly #rankedLanes: Lane[] = [];
  /** A lane got a column after entries were added. */
  #isStale = false;
  readonly #walks = new WeakMap<ControlNode, Map<AccountKey, LanePlaces>>();

  get nodes(): readonly ControlNode[] {
    return this.#nodes;
  }

  lanesOf(device: DeviceKey): readonly Lane[] {
    return this.#lanesByDevice.get(device) ?? [];
  }

  lanesOfAccount(account: AccountKey): readonly Lane[] {
    return this.#lanesByAccount.get(account) ?? [];
  }

  /** The branch that goes on from `prev`, or a new one. */
  laneFor(device: DeviceKey, account: AccountKey, prev: ControlNode | undefined): Lane {
    if (prev !== undefined && prev.lane.nodes.at(-1) === prev) return prev.lane;
    const lane: Lane = { device, account, nodes: [], column: -1 };
    push(this.#lanesByDevice, device, lane);
    push(this.#lanesByAccount, account, lane);
    if (this.#ranked.has(account)) this.#giveColumn(lane);
    return lane;
  }

  add(node: ControlNode): void {
    this.#nodes.push(node);
    node.lane.nodes.push(node);
    if (!this.#firstIndexByAccount.has(node.account)) this.#firstIndexByAccount.set(node.account, node.index);
    if (!this.#isStale) node.past = this.#pastOf(node);
  }

  /** The account's entries decide something. */
  rank(account: AccountKey): void {
    if (this.#ranked.has(account)) return;
    this.#ranked.add(account);
    for (const lane of this.lanesOfAccount(account)) this.#giveColumn(lane);
  }

  /** Whether `early` lies in the past of `late`. No entry lies in its own. */
  precedes(early: ControlNode, late: ControlNode): boolean {
    if (early === late || early.depth >= late.depth) return false;
    if (early.lane === late.lane) return early.place < late.place;
    return this.#reach(late, early.lane) >= early.place;
  }

  /** The last entry of that lane in the past of `late`. */
  lastBefore(late: ControlNode, lane: Lane): ControlNode | undefined {
    const place = late.lane === lane ? late.place - 1 : this.#reach(late, lane);
    return lane.nodes[place];
  }

  /** The highest place of that lane in the past of `late`; -1: none. */
  #reach(late: ControlNode, lane: Lane): number {
    if (lane.column < 0) return this.#walk(late, lane.account).get(lane) ?? -1;
    this.#refresh();
    return (late.past[lane.column] ?? 0) - 1;
  }

  #walk(late: ControlNode, account: AccountKey): LanePlaces {
    const walks = this.#walks.get(late) ?? new Map<AccountKey, LanePlaces>();
    this.#walks.set(late, walks);
    const known = walks.get(account);
    if (known !== undefined) return known;
    const places = this.#collect(late, account);
    walks.set(account, places);
    return places;
  }

  #collect(late: ControlNode, account: AccountKey): LanePlaces {
    const places = new Map<Lane, number>();
    const first = this.#firstIndexByAccount.get(account) ?? Infinity;
    const seen = new Set<ControlNode>([late]);
    const queue: ControlNode[] = [...late.parents];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (seen.has(node) || node.index < first) continue;
      seen.add(node);
      if (node.account === account && (places.get(node.lane) ?? -1) < node.place) places.set(node.lane, node.place);
      queue.push(...node.parents);
    }
    return places;
  }

  #giveColumn(lane: Lane): void {
    lane.column = this.#rankedLanes.length;
    this.#rankedLanes.push(lane);
    if (lane.nodes.length > 0) this.#isStale = true;
  }

  #refresh(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    for (const node of this.#nodes) node.past = this.#pastOf(node);
  }

  /** Shared with a parent wherever it says the same: most entries are of accounts with no rank, and follow one another. */
  #pastOf(node: ControlNode): Int32Array {
    let past: Int32Array = NOTHING;
    for (const parent of node.parents) past = merged(past, parent.past);
    const { column } = node.lane;
    if (column < 0) return past;
    const own = new Int32Array(this.#rankedLanes.length);
    own.set(past);
    own[column] = node.place + 1;
    return own;
  }
}

function merged(a: Int32Array, b: Int32Array): Int32Array {
  if (a === b || b.length === 0) return a;
  if (a.length === 0) return b;
  if (covers(a, b)) return a;
  if (covers(b, a)) return b;
  const both = new Int32Array(Math.max(a.length, b.length));
  for (let at = 0; at < both.length; at += 1) both[at] = Math.max(a[at] ?? 0, b[at] ?? 0);
  return both;
}

function covers(a: Int32Array, b: Int32Array): boolean {
  for (let at = 0; at < b.length; at += 1) if ((a[at] ?? 0) < (b[at] ?? 0)) return false;
  return true;
}

export function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
