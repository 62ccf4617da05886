import {
  type AccountKey,
  type ControlBody,
  type EntryId,
  type GenesisBody,
  MEMBER_CONTROL_ENTRIES_MAX,
  type RoomId,
} from "@papo/protocol";
import { Causality, push } from "./causality.ts";
import { type ControlNode, type Evidence, byOrder } from "./control-node.ts";
import { type ControlGraph, type EvaluatedState, evaluate } from "./control-state.ts";
import { hasTicket, isInviteProven, listsDevice, nameIn, statementIn } from "./evidence.ts";
import { openForkProof } from "./fork-proof.ts";
import { type OpenedEntry, decodeBody } from "./opened-entry.ts";
import type { RoomState } from "./room-state.ts";

/**
 * What became of an entry that was offered. `waiting`: something that it names is not here; offer it again when that is. `refused`: for good, and by
 * every member alike, whatever else they have.
 */
export type Verdict = "added" | "known" | "waiting" | "refused";

type Founding = { readonly node: ControlNode; readonly body: GenesisBody };

/**
 * The control entries of a room. Whether one is taken depends on it and on its own past alone, never on what else is here, so that all members who have
 * exchanged what they hold hold the same; what it counts for is for `state` to say. docs/protocol/room-log.md §4.1
 */
export class ControlSet {
  readonly id: RoomId;
  readonly #causality = new Causality();
  readonly #nodeById = new Map<EntryId, ControlNode>();
  readonly #headIds = new Set<EntryId>();
  /** By (depth, id). */
  readonly #ordered: ControlNode[] = [];
  /** Entries that brought an account into the room, if only by somebody who might have done so. */
  readonly #introductions = new Map<AccountKey, ControlNode[]>();
  readonly #appointments = new Map<AccountKey, ControlNode[]>();
  #founding: Founding | undefined;
  #state: EvaluatedState | undefined;
  /** Added since `#state` was evaluated. */
  #added: ControlNode[] = [];

  constructor(id: RoomId) {
    this.id = id;
  }

  get size(): number {
    return this.#nodeById.size;
  }

  /** As `state.heads`, without asking what they mean. */
  get heads(): readonly EntryId[] {
    return [...this.#headIds].sort();
  }

  has(id: EntryId): boolean {
    return this.#nodeById.has(id);
  }

  /** The entry must be authentic: its author's signature, or one of a later entry of its chain, was verified. Never throws. */
  add(entry: OpenedEntry): Verdict {
    if (this.#nodeById.has(entry.id)) return "known";
    const judged = this.#judge(entry);
    if (typeof judged === "string") return judged;
    this.#take(judged);
    this.#added.push(judged);
    return "added";
  }

  /** Another object whenever the set has grown. */
  get state(): RoomState {
    if (this.#state === undefined || this.#added.length > 0) {
      const graph = this.#graph();
      this.#state = this.#state?.grown(graph, this.#added) ?? evaluate(graph);
      this.#added = [];
    }
    return this.#state;
  }

  #graph(): ControlGraph {
    return {
      id: this.id,
      genesis: this.#founding,
      causality: this.#causality,
      ordered: this.#ordered,
      nodeById: this.#nodeById,
      heads: this.heads,
    };
  }

  #judge(entry: OpenedEntry): ControlNode | "waiting" | "refused" {
    const { id, header } = entry;
    if (header.chain !== "control" || (header.room ?? id) !== this.id || entry.body === null) return "refused";
    const decoded = decodeBody(header, entry.body);
    const says = decoded.state === "known" ? asControl(decoded.says) : undefined;
    if (header.room === null) return this.#judgeGenesis(entry, says);
    if (this.#founding === undefined) return "waiting";

    const parents: ControlNode[] = [];
    for (const named of new Set(header.prev === null ? header.auth : [header.prev, ...header.auth])) {
      const parent = this.#nodeById.get(named);
      if (parent === undefined) return "waiting";
      parents.push(parent);
    }
    const isUnknownKind = decoded.state === "unknown";
    return this.#judgeNamed(entry, { says, isUnknownKind, parents }) ?? "refused";
  }

  #judgeGenesis(entry: OpenedEntry, says: ControlBody | undefined): ControlNode | "refused" {
    const statement = statementIn(says);
    if (says?.kind !== "genesis" || statement === undefined) return "refused";
    if (!listsDevice(statement, entry.header.author)) return "refused";
    const { account } = statement.statement;
    const name = nameIn(says, account, says.body.tracker);
    const evidence = { statement, hasTicket: false, isInviteProven: false, fork: undefined, name };
    return this.#nodeOf(entry, { says, isUnknownKind: false, parents: [], account, isRanked: true, evidence });
  }

  #judgeNamed(
    entry: OpenedEntry,
    read: Pick<ControlNode, "says" | "isUnknownKind" | "parents">,
  ): ControlNode | undefined {
    const { header } = entry;
    const prev = header.prev === null ? undefined : this.#nodeById.get(header.prev);
    if (prev !== undefined && !follows(entry, prev)) return undefined;
    const evidence = this.#evidenceOf(read.says, prev?.account);
    const account = prev?.account ?? evidence.statement?.statement.account;
    if (account === undefined) return undefined;
    if (prev === undefined && !this.#mayBegin(entry, { ...read, account, evidence })) return undefined;
    const isRanked = prev?.isRanked === true || this.#isRanked(account, read.parents);
    if (!isRanked && header.seq > MEMBER_CONTROL_ENTRIES_MAX) return undefined;
    return this.#nodeOf(entry, { ...read, account, isRanked, evidence });
  }

  #evidenceOf(says: ControlBody | undefined, known: AccountKey | undefined): Evidence {
    const statement = statementIn(says);
    const account = known ?? statement?.statement.account;
    const genesis = this.#founding?.body;
    const named = says?.kind === "admit" ? says.body.account : account;
    return {
      statement,
      hasTicket:
        says !== undefined &&
        account !== undefined &&
        genesis !== undefined &&
        hasTicket(says, account, this.id, genesis),
      isInviteProven: says?.kind === "admit" && isInviteProven(this.id, says.body),
      fork: says?.kind === "fork" ? openForkProof(this.id, says.body) : undefined,
      name: named === undefined ? null : nameIn(says, named, genesis?.tracker ?? null),
    };
  }

  /** §4.1: a device's first entry says for which account it writes, and that account has a ticket or was brought in before. */
  #mayBegin({ header }: OpenedEntry, begin: Pick<ControlNode, "says" | "parents" | "account" | "evidence">): boolean {
    const { says, parents, account, evidence } = begin;
    if (says?.kind !== "join" && says?.kind !== "device") return false;
    if (evidence.statement === undefined || !listsDevice(evidence.statement, header.author)) return false;
    return evidence.hasTicket || this.#isIn(parents, this.#introductions.get(account) ?? []);
  }

  #isRanked(account: AccountKey, parents: readonly ControlNode[]): boolean {
    return account === this.#founding?.node.account || this.#isIn(parents, this.#appointments.get(account) ?? []);
  }

  /** Whether one of `nodes` lies in the past of an entry with these parents. */
  #isIn(parents: readonly ControlNode[], nodes: readonly ControlNode[]): boolean {
    return nodes.some((node) => parents.some((parent) => parent === node || this.#causality.precedes(node, parent)));
  }

  #nodeOf(
    { id, header }: OpenedEntry,
    read: Pick<ControlNode, "says" | "isUnknownKind" | "parents" | "account" | "isRanked" | "evidence">,
  ): ControlNode {
    const prev = read.parents.find((parent) => parent.id === header.prev);
    const lane = this.#causality.laneFor(header.author, read.account, prev);
    const depth = 1 + read.parents.reduce((deepest, parent) => Math.max(deepest, parent.depth), 0);
    const index = this.#nodeById.size;
    return { id, header, ...read, depth, lane, place: lane.nodes.length, index, past: new Int32Array(0) };
  }

  #take(node: ControlNode): void {
    if (node.isRanked) this.#causality.rank(node.account);
    this.#causality.add(node);
    this.#nodeById.set(node.id, node);
    for (const parent of node.parents) this.#headIds.delete(parent.id);
    this.#headIds.add(node.id);
    insert(this.#ordered, node);
    this.#note(node);
  }

  #note(node: ControlNode): void {
    const { says, account, evidence, isRanked } = node;
    if (says?.kind === "genesis") this.#founding = { node, body: says.body };
    const hasBegun = evidence.statement?.statement.account === account;
    if (hasBegun && says?.kind !== "admit") push(this.#introductions, account, node);
    if (!isRanked) return;
    if (says?.kind === "admit") push(this.#introductions, says.body.account, node);
    if (says?.kind === "role" && says.body.role !== "member") {
      push(this.#appointments, says.body.account, node);
    }
  }
}

/** What a set of authentic control entries of one room says, in whatever order they come. What builds on something that is not among them is left out. */
export function evaluateControl(room: RoomId, entries: readonly OpenedEntry[]): RoomState {
  const set = new ControlSet(room);
  const waitingFor = new Map<EntryId, OpenedEntry[]>();
  const queue = [...entries];
  for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
    const verdict = set.add(entry);
    const missing = verdict === "waiting" ? namedBy(entry, room).find((id) => !set.has(id)) : undefined;
    if (missing !== undefined) push(waitingFor, missing, entry);
    if (verdict !== "added") continue;
    queue.push(...(waitingFor.get(entry.id) ?? []));
    waitingFor.delete(entry.id);
  }
  return set.state;
}

/** What must be there first: everything builds on the genesis. */
function namedBy({ header }: OpenedEntry, room: RoomId): readonly EntryId[] {
  const genesis = room as string as EntryId;
  return header.prev === null ? [genesis, ...header.auth] : [genesis, header.prev, ...header.auth];
}

/** Control bodies are decoded by the control table. */
function asControl(says: object): ControlBody {
  return says as ControlBody;
}

function follows({ header }: OpenedEntry, prev: ControlNode): boolean {
  return (
    prev.header.author === header.author && prev.header.seq === header.seq - 1 && prev.header.lamport < header.lamport
  );
}

/** Keeps the order; new entries are mostly the last. */
function insert(ordered: ControlNode[], node: ControlNode): void {
  let low = 0;
  let high = ordered.length;
  const last = ordered.at(-1);
  if (last !== undefined && byOrder(last, node) < 0) low = high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = ordered[middle];
    if (at !== undefined && byOrder(at, node) < 0) low = middle + 1;
    else high = middle;
  }
  ordered.splice(low, 0, node);
}
