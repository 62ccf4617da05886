import {
  type AccountKey,
  type Chain,
  type DeviceKey,
  type EntryId,
  type GenesisBody,
  type InviteId,
  KNOWN_FEATURES,
  MEMBERS_AT_REMEMBERED_MAX,
  type RoomId,
} from "@papo/protocol";
import { type AccountStatements, adoptStatements } from "./adopted-statements.ts";
import type { Causality } from "./causality.ts";
import { contentSpans } from "./content-spans.ts";
import { type ControlNode, type Lane, byOrder } from "./control-node.ts";
import { DeviceCuts } from "./device-cuts.ts";
import type { Before, Ends } from "./ends.ts";
import { decodeHistoryBase, historyBaseOf } from "./history-base.ts";
import { Memberships } from "./memberships.ts";
import { NO_RANK, OWNER_RANK, Ranks } from "./ranks.ts";
import { judgeEnds } from "./removals.ts";
import type { FormerMember, LogMember, RoomState, Span } from "./room-state.ts";

/** The entries of a control set, each with everything before it. */
export type ControlGraph = {
  readonly id: RoomId;
  readonly genesis: { readonly node: ControlNode; readonly body: GenesisBody } | undefined;
  readonly causality: Causality;
  /** By (depth, id). */
  readonly ordered: readonly ControlNode[];
  readonly nodeById: ReadonlyMap<EntryId, ControlNode>;
  readonly heads: readonly EntryId[];
};

/** docs/protocol/room-log.md §4.11 */
export function evaluate(graph: ControlGraph): EvaluatedState {
  const parts = graph.genesis === undefined ? undefined : partsOf(graph, graph.genesis.node);
  return new EvaluatedState(graph, parts, undefined);
}

type Parts = {
  readonly statements: ReadonlyMap<AccountKey, AccountStatements>;
  readonly cuts: DeviceCuts;
  readonly ranks: Ranks;
  readonly ends: Ends;
  readonly memberships: Memberships;
};

function partsOf({ causality, ordered }: ControlGraph, genesis: ControlNode): Parts {
  const statements = adoptStatements(ordered);
  const cuts = new DeviceCuts(causality, ordered, statements);
  const ranks = new Ranks(causality, cuts, ordered, genesis);
  const ends = judgeEnds(ordered, { causality, cuts, ranks });
  const memberships = new Memberships(ordered, { causality, statements, cuts, ranks, ends });
  return { statements, cuts, ranks, ends, memberships };
}

const ALWAYS: Before = () => true;
const EVERYTHING: readonly Span[] = [[1, Infinity]];
const NOTHING: readonly Span[] = [];

/** Who was removed before anything of theirs counted is out, too, and may learn it; so is who was let in by somebody whose word counts no more. */
function everybodyIn({ memberships, ends }: Parts): Iterable<AccountKey> {
  return new Set([...memberships.accounts(), ...ends.accounts(), ...memberships.undone().keys()]);
}

/** Made anew for every set, so that nobody sees it change. */
export class EvaluatedState implements RoomState {
  readonly id: RoomId;
  readonly genesis: GenesisBody | undefined;
  readonly topic: string;
  readonly features: readonly string[];
  readonly closed: boolean;
  readonly readOnly: boolean;
  readonly memberByAccount: Map<AccountKey, LogMember>;
  readonly formerByAccount: Map<AccountKey, FormerMember>;
  readonly forked: ReadonlySet<DeviceKey>;
  readonly stolen: ReadonlySet<AccountKey>;
  readonly admittedByInvite: ReadonlyMap<InviteId, readonly AccountKey[]>;
  readonly voidIds: ReadonlySet<EntryId>;
  readonly heads: readonly EntryId[];
  readonly #graph: ControlGraph;
  readonly #parts: Parts | undefined;
  #devices: ReadonlySet<DeviceKey> | undefined;
  readonly #spans = new Map<DeviceKey, readonly Span[]>();
  readonly #membersByAuth = new Map<string, ReadonlySet<AccountKey>>();

  constructor(graph: ControlGraph, parts: Parts | undefined, growth: Growth | undefined) {
    this.#graph = graph;
    this.#parts = parts;
    this.id = graph.id;
    this.genesis = graph.genesis?.body;
    this.heads = graph.heads;
    this.closed = parts?.ranks.isClosed ?? false;
    this.forked = new Set(parts?.cuts.forkedDevices());
    const { state, nodes, accounts } = growth ?? { state: undefined, nodes: graph.ordered, accounts: undefined };
    const summary = new Summary(parts?.memberships.valid ?? new Set(), state, this.genesis?.features ?? []);
    for (const node of nodes) summary.add(node);
    this.voidIds = summary.voidIds;
    this.admittedByInvite = summary.admittedByInvite;
    this.topic = summary.topic;
    this.features = [...summary.features].sort();
    this.readOnly = !summary.isUnderstood || !this.features.every((feature) => KNOWN_FEATURES.has(feature));
    this.memberByAccount = new Map(state?.memberByAccount);
    this.formerByAccount = new Map(state?.formerByAccount);
    this.stolen = state?.stolen ?? stolenIn(parts);
    if (parts !== undefined) this.#tell(parts, accounts ?? everybodyIn(parts));
  }

  /**
   * The state with these entries added, where they change nothing about others: accounts that come and were not here before, and merges. Undefined: everything
   * is to be judged again. A room that a thousand people enter one by one would be judged a million times otherwise.
   */
  grown(graph: ControlGraph, nodes: readonly ControlNode[]): EvaluatedState | undefined {
    const parts = this.#parts;
    if (parts === undefined) return undefined;
    const statements = new Map(parts.statements);
    const accounts = new Set<AccountKey>();
    for (const node of nodes) {
      const account = node.says?.kind === "admit" ? node.says.body.account : node.account;
      if (node.says?.kind === "merge") continue;
      if (!isNewcomer(node, account, { ...parts, statements })) return undefined;
      accounts.add(account);
    }
    const { causality } = graph;
    const memberships = new Memberships(
      nodes.toSorted(byOrder),
      { ...parts, causality, statements },
      parts.memberships,
    );
    return new EvaluatedState(graph, { ...parts, statements, memberships }, { state: this, nodes, accounts });
  }

  accountOf(device: DeviceKey): AccountKey | undefined {
    return this.#laneOf(device)?.account;
  }

  /** A device that began for two accounts has forked; everybody takes the same one. */
  #laneOf(device: DeviceKey): Lane | undefined {
    const begun = this.#graph.causality.lanesOf(device).filter(({ nodes }) => nodes[0]?.header.seq === 1);
    if (begun.length < 2) return begun[0];
    return begun.toSorted((a, b) => ((a.nodes[0]?.id ?? "") < (b.nodes[0]?.id ?? "") ? -1 : 1))[0];
  }

  spans(device: DeviceKey, chain: Chain): readonly Span[] {
    const lane = this.#laneOf(device);
    if (this.#parts === undefined || lane === undefined) return NOTHING;
    if (chain === "control") return EVERYTHING;
    const known = this.#spans.get(device);
    if (known !== undefined) return known;
    const spans = contentSpans(lane, { causality: this.#graph.causality, ...this.#parts });
    this.#spans.set(device, spans);
    return spans;
  }

  membersAt(auth: readonly EntryId[]): ReadonlySet<AccountKey> {
    const key = auth.join();
    const known = this.#membersByAuth.get(key);
    if (known !== undefined) return known;
    const isNow = auth.length === this.heads.length && auth.every((id, at) => id === this.heads[at]);
    const members = isNow ? new Set(this.memberByAccount.keys()) : this.#membersBefore(auth);
    const [oldest] = this.#membersByAuth.keys();
    if (this.#membersByAuth.size >= MEMBERS_AT_REMEMBERED_MAX && oldest !== undefined)
      this.#membersByAuth.delete(oldest);
    this.#membersByAuth.set(key, members);
    return members;
  }

  outranks(auth: readonly EntryId[], higher: AccountKey, lower: AccountKey): boolean {
    if (this.#parts === undefined) return false;
    const { ranks, ends } = this.#parts;
    const before = this.#beforeAny(auth);
    const rank = ranks.rankAt(higher, before, ends);
    return rank !== NO_RANK && rank < ranks.rankAt(lower, before, ends);
  }

  mayAdmit(by: AccountKey, account: AccountKey): boolean {
    const rank = this.memberByAccount.get(by)?.rank ?? NO_RANK;
    if (this.#parts === undefined || rank === NO_RANK) return false;
    return !this.#parts.ends.of(account).some((end) => end.isBar && end.rank < rank);
  }

  #tell(parts: Parts, accounts: Iterable<AccountKey>): void {
    const owner = parts.ranks.ownerAt(ALWAYS);
    for (const account of accounts) {
      const entrance = parts.memberships.entranceAt(account, ALWAYS);
      const isMember = entrance !== undefined || account === owner;
      const member = isMember ? this.#memberOf(account, entrance, parts) : undefined;
      if (member !== undefined) this.memberByAccount.set(account, member);
      else this.#tellFormer(account, parts);
    }
  }

  #tellFormer(account: AccountKey, { ends, memberships }: Parts): void {
    const last = ends.of(account).at(-1);
    const undone = memberships.undone().get(account);
    const undoing = undone === undefined ? undefined : this.#undoing(undone);
    const [by] = [last?.node, undoing].filter((node) => node !== undefined).toSorted((a, b) => byOrder(b, a));
    if (by === undefined) return;
    const kind = last?.kind ?? "removed";
    this.formerByAccount.set(account, { by: by.id, kind, barred: memberships.isBarredNow(account) });
  }

  /** The last entry that speaks of the author of this one, or of its device, so that it counts no more. */
  #undoing({ account, header }: ControlNode): ControlNode | undefined {
    return this.#graph.ordered.findLast(({ says, account: by }) => {
      if (says?.kind === "remove") return says.body.account === account;
      if (says?.kind === "fork") return says.body.device === header.author;
      return says?.kind === "device" && by === account;
    });
  }

  #memberOf(account: AccountKey, entrance: ControlNode | undefined, parts: Parts): LogMember | undefined {
    const statement = parts.statements.get(account)?.newest.signed;
    if (statement === undefined) return undefined;
    const rank = parts.ranks.rankAt(account, ALWAYS, parts.ends);
    const role = rank === OWNER_RANK ? "owner" : rank === NO_RANK ? "member" : "moderator";
    const named = parts.memberships.entrancesOf(account).findLast(({ evidence }) => evidence.name !== null);
    const binding = named?.says !== undefined && "binding" in named.says.body ? named.says.body.binding : null;
    const baseOf = (): ReadonlyMap<DeviceKey, number> => this.#baseOf(entrance);
    let base: ReadonlyMap<DeviceKey, number> | undefined;
    return {
      account,
      role,
      rank,
      statement,
      username: named?.evidence.name ?? null,
      binding,
      devices: this.#devicesOf(account, parts),
      // A thousand members may have a thousand numbers each, and hardly anybody asks.
      get base() {
        base ??= baseOf();
        return base;
      },
    };
  }

  #devicesOf(account: AccountKey, { statements, cuts, ends, memberships }: Parts): readonly DeviceKey[] {
    const listed = statements.get(account)?.newest.statement.devices ?? [];
    const isWriting = ({ device, revoked }: (typeof listed)[number]): boolean => {
      if (revoked !== null || cuts.isRevokedDevice(account, device) || this.forked.has(device)) return false;
      const lanes = this.#graph.causality.lanesOf(device).filter((lane) => lane.account === account);
      return lanes.some((lane) => memberships.beginsOf(lane).some((begin) => ends.areBehind(account, begin, ALWAYS)));
    };
    return listed.filter(isWriting).map(({ device }) => device);
  }

  #baseOf(entrance: ControlNode | undefined): ReadonlyMap<DeviceKey, number> {
    if (entrance?.says?.kind !== "admit" || entrance.says.body.base === null || this.genesis?.history === "all") {
      return NO_BASE;
    }
    this.#devices ??= new Set(this.#graph.causality.nodes.map(({ header }) => header.author));
    return historyBaseOf(decodeHistoryBase(entrance.says.body.base), this.#devices);
  }

  /** Before a point that lies behind these heads. */
  #beforeAny(auth: readonly EntryId[]): Before {
    const { causality, nodeById } = this.#graph;
    const heads = auth.flatMap((id) => nodeById.get(id) ?? []);
    return (node) => heads.some((head) => head === node || causality.precedes(node, head));
  }

  #membersBefore(auth: readonly EntryId[]): ReadonlySet<AccountKey> {
    if (this.#parts === undefined) return new Set();
    const { memberships, ranks } = this.#parts;
    const past = new Set<ControlNode>();
    const queue = auth.flatMap((id) => this.#graph.nodeById.get(id) ?? []);
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      if (past.has(node)) continue;
      past.add(node);
      queue.push(...node.parents);
    }
    const before: Before = (node) => past.has(node);
    const members = [...memberships.accounts()].filter(
      (account) => memberships.entranceAt(account, before) !== undefined,
    );
    const owner = past.size === 0 ? undefined : ranks.ownerAt(before);
    return new Set(owner === undefined ? members : [...members, owner]);
  }
}

const NO_BASE: ReadonlyMap<DeviceKey, number> = new Map();

/** What is added to a state that is known. */
type Growth = {
  readonly state: EvaluatedState;
  readonly nodes: readonly ControlNode[];
  readonly accounts: ReadonlySet<AccountKey>;
};

/** It brings in an account about which nothing else has been said but the same: nothing ended its membership, and its statement is the known one. */
function isNewcomer(
  { says, evidence }: ControlNode,
  account: AccountKey,
  parts: Parts & { statements: Map<AccountKey, AccountStatements> },
): boolean {
  const { statement } = evidence;
  if ((says?.kind !== "join" && says?.kind !== "admit") || statement?.statement.account !== account) return false;
  if (parts.ends.of(account).length > 0) return false;
  const known = parts.statements.get(account);
  if (known !== undefined) return known.refused.size === 0 && known.newest.signed.text === statement.signed.text;
  parts.statements.set(account, { newest: statement, refused: new Set() });
  return true;
}

function stolenIn(parts: Parts | undefined): ReadonlySet<AccountKey> {
  const stolen = new Set<AccountKey>();
  for (const [account, { refused }] of parts?.statements ?? []) if (refused.size > 0) stolen.add(account);
  return stolen;
}

/** What entries say that count, one after another in their order. */
class Summary {
  readonly voidIds: Set<EntryId>;
  readonly admittedByInvite: Map<InviteId, readonly AccountKey[]>;
  readonly features: Set<string>;
  topic: string;
  isUnderstood: boolean;
  readonly #valid: ReadonlySet<ControlNode>;

  constructor(valid: ReadonlySet<ControlNode>, before: EvaluatedState | undefined, features: readonly string[]) {
    this.#valid = valid;
    this.voidIds = new Set(before?.voidIds);
    this.admittedByInvite = new Map(before?.admittedByInvite);
    this.features = new Set(before?.features ?? features);
    this.topic = before?.topic ?? "";
    this.isUnderstood = before?.readOnly !== true;
  }

  add(node: ControlNode): void {
    const { says } = node;
    if (!this.#valid.has(node)) this.voidIds.add(node.id);
    else if (says === undefined) this.isUnderstood = false;
    else if (says.kind === "topic") this.topic = says.body.text;
    else if (says.kind === "upgrade") for (const feature of says.body.features) this.features.add(feature);
    else if (says.kind === "admit" && says.body.invite !== null) this.#admitted(says.body.invite, says.body.account);
  }

  #admitted(invite: InviteId, account: AccountKey): void {
    const known = this.admittedByInvite.get(invite) ?? [];
    if (!known.includes(account)) this.admittedByInvite.set(invite, [...known, account].sort());
  }
}
