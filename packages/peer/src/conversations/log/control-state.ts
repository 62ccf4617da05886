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
import { type Causality, push } from "./causality.ts";
import { contentSpans } from "./content-spans.ts";
import type { ControlNode, Lane } from "./control-node.ts";
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
export function evaluate(graph: ControlGraph): RoomState {
  return new EvaluatedState(graph);
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

class EvaluatedState implements RoomState {
  readonly id: RoomId;
  readonly genesis: GenesisBody | undefined;
  readonly topic: string = "";
  readonly features: readonly string[];
  readonly closed: boolean;
  readonly readOnly: boolean;
  readonly memberByAccount = new Map<AccountKey, LogMember>();
  readonly formerByAccount = new Map<AccountKey, FormerMember>();
  readonly forked = new Set<DeviceKey>();
  readonly stolen = new Set<AccountKey>();
  readonly admittedByInvite = new Map<InviteId, AccountKey[]>();
  readonly voidIds = new Set<EntryId>();
  readonly heads: readonly EntryId[];
  readonly #graph: ControlGraph;
  readonly #parts: Parts | undefined;
  #devices: ReadonlySet<DeviceKey> | undefined;
  readonly #spans = new Map<DeviceKey, readonly Span[]>();
  readonly #membersByAuth = new Map<string, ReadonlySet<AccountKey>>();

  constructor(graph: ControlGraph) {
    this.#graph = graph;
    this.id = graph.id;
    this.genesis = graph.genesis?.body;
    this.heads = graph.heads;
    const parts = graph.genesis === undefined ? undefined : partsOf(graph, graph.genesis.node);
    this.#parts = parts;
    const features = new Set(this.genesis?.features);
    let isUnderstood = true;
    this.closed = parts?.ranks.isClosed ?? false;

    for (const node of graph.ordered) {
      const { says } = node;
      if (parts?.memberships.valid.has(node) !== true) this.voidIds.add(node.id);
      else if (says === undefined) isUnderstood = false;
      else if (says.kind === "topic") this.topic = says.body.text;
      else if (says.kind === "upgrade") for (const feature of says.body.features) features.add(feature);
      else if (says.kind === "admit" && says.body.invite !== null)
        this.#countInvite(says.body.invite, says.body.account);
    }
    this.features = [...features].sort();
    this.readOnly = !isUnderstood || !this.features.every((feature) => KNOWN_FEATURES.has(feature));
    if (parts !== undefined) this.#tell(parts);
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

  #countInvite(invite: InviteId, account: AccountKey): void {
    if (this.admittedByInvite.get(invite)?.includes(account) !== true) push(this.admittedByInvite, invite, account);
  }

  #tell(parts: Parts): void {
    for (const device of parts.cuts.forkedDevices()) this.forked.add(device);
    for (const [account, { refused }] of parts.statements) if (refused.size > 0) this.stolen.add(account);
    const owner = parts.ranks.ownerAt(ALWAYS);
    for (const account of parts.memberships.accounts()) {
      const entrance = parts.memberships.entranceAt(account, ALWAYS);
      const isMember = entrance !== undefined || account === owner;
      const member = isMember ? this.#memberOf(account, entrance, parts) : undefined;
      if (member !== undefined) this.memberByAccount.set(account, member);
      else this.#tellFormer(account, parts);
    }
  }

  #tellFormer(account: AccountKey, { ends, memberships }: Parts): void {
    const last = ends.of(account).at(-1);
    if (last === undefined) return;
    this.formerByAccount.set(account, { by: last.node.id, kind: last.kind, barred: memberships.isBarredNow(account) });
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
