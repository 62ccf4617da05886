import type { WireEntry } from "@papo/protocol";
import fc from "fast-check";
import { cutsOf } from "../../src/conversations/kept/log-cuts.ts";
import { encodeHistoryBase } from "../../src/conversations/log/history-base.ts";
import type { Draft } from "../../src/conversations/log/room-replica.ts";
import { admitting } from "../conversations/log/control-fixture.ts";
import { LIES, Rogue } from "./rogue.ts";
import type { Said } from "./sim-link.ts";
import type { SimNode } from "./sim-node.ts";
import type { World } from "./world.ts";

/** The simplest first: a failure is shrunk towards it. */
const KINDS = [
  "wait",
  "say",
  "link",
  "cut",
  "say-more",
  "long-wait",
  "delay",
  "lossy",
  "double",
  "block",
  "unblock",
  "crash",
  "crash-in",
  "start",
  "disk-full",
  "disk-free",
  "skew",
  "enter",
  "topic",
  "remark",
  "leave",
  "remove",
  "role",
  "rejoin",
  "lie",
  "withhold",
  "rogue-power",
] as const;

/** `a`, `b`: whom it is about; `n`: anything else. */
export type Step = {
  readonly kind: (typeof KINDS)[number];
  readonly a: number;
  readonly b: number;
  readonly n: number;
};

const WEIGHTS: Partial<Record<Step["kind"], number>> = {
  wait: 10,
  say: 14,
  link: 12,
  cut: 6,
  "say-more": 4,
  "crash-in": 5,
  enter: 5,
  lie: 14,
  remove: 3,
  leave: 1,
  role: 2,
};

const kind = fc.oneof(...KINDS.map((name) => ({ weight: WEIGHTS[name] ?? 2, arbitrary: fc.constant(name) })));
const who = fc.nat(5);

export const step: fc.Arbitrary<Step> = fc.record({ kind, a: who, b: who, n: fc.nat(999) });

/** Performs steps on a world. What is impossible then does nothing. */
export class Performer {
  readonly #world: World;
  readonly #rogue: Rogue;
  readonly #rogueNode: SimNode;
  #withheld: number | undefined;
  #said = 0;

  constructor(world: World) {
    this.#world = world;
    const rogue = world.nodes.find((node) => !world.isHonestDevice(node.device));
    if (rogue === undefined) throw new Error("a world needs a rogue");
    this.#rogueNode = rogue;
    this.#rogue = new Rogue(world, rogue);
    world.filter = (_from, _to, said) => this.#letOut(said);
  }

  /** It passes on everything, nothing, or other bodies than it got. */
  #letOut(said: Said): Said | undefined {
    if (this.#withheld === undefined || "cmd" in said) return said;
    if (this.#withheld % 3 === 0) return undefined;
    return { ...said, entries: said.entries.map(withOtherBody) };
  }

  async perform(step: Step): Promise<void> {
    const { nodes } = this.#world;
    const node = nodes[step.a % nodes.length];
    const other = nodes[step.b % nodes.length];
    if (node === undefined || other === undefined) return;
    await this.#onTime(step);
    this.#onWires(step, node, other);
    this.#onProcess(step, node);
    this.#byMembers(step, node, other);
    this.#byRogue(step);
  }

  async #onTime({ kind, n }: Step): Promise<void> {
    if (kind === "wait") await this.#world.clock.advance(n % 40);
    if (kind === "long-wait") await this.#world.clock.advance(n * 20);
  }

  #onWires({ kind, n }: Step, node: SimNode, other: SimNode): void {
    const world = this.#world;
    const faults = world.faults(node, other);
    if (kind === "link" && (n % 5 === 0 || !world.isLinked(node, other))) world.link(node, other);
    if (kind === "cut") world.cut(node, other);
    if (kind === "delay") faults.delayMs = n;
    if (kind === "lossy") faults.dropRate = (n % 100) / 150;
    if (kind === "double") faults.duplicateRate = (n % 100) / 100;
    if (kind === "block") faults.isBlocked = true;
    if (kind === "unblock") world.unblock();
  }

  #onProcess({ kind, n }: Step, node: SimNode): void {
    if (kind === "crash") node.crash(n % 4);
    if (kind === "crash-in") node.crashIn = { commits: n % 6, kept: n % 4 };
    if (kind === "start") node.start();
    if (kind === "disk-full") node.isDiskFull = true;
    if (kind === "disk-free") node.isDiskFull = false;
    if (kind === "skew") node.skewMs = (n - 500) * 86_400_000;
  }

  #byMembers({ kind, n }: Step, node: SimNode, other: SimNode): void {
    if (kind === "say") node.say(`${this.#said++}`);
    if (kind === "say-more") node.say(`${this.#said++}`, (n % 6) + 2);
    if (kind === "enter") this.#enter(node, other);
    if (kind === "topic") void node.write({ chain: "control", kind: "topic", body: { text: `${n}` } });
    if (kind === "remark") this.#remark(node, n);
    if (kind === "leave" && n % 3 === 0) this.#leave(node);
    if (kind === "remove") this.#remove(node, other, n);
    if (kind === "role") this.#role(node, other, n);
    if (kind === "rejoin") void node.rejoin();
  }

  /** `node` comes into the room: by itself in an open one, let in by `other` in the other kind. */
  #enter(node: SimNode, other: SimNode): void {
    const { replica } = other;
    this.#world.list(node);
    node.enter();
    if (this.#world.kind !== "invite" || replica === undefined || replica.state.memberByAccount.has(node.account))
      return;
    const seen = replica.heads().map(({ device, content }) => [device, content?.[0] ?? 0] as const);
    const isFromJoin = replica.state.genesis?.history === "join";
    const base = isFromJoin ? (encodeHistoryBase(new Map(seen)) ?? null) : null;
    void other.write({ chain: "control", ...admitting(node.person, { base }) });
  }

  #remark(node: SimNode, n: number): void {
    const lines = node.lines();
    const line = lines[n % Math.max(1, lines.length)];
    if (line === undefined) return;
    const target = line.id;
    const drafts: readonly Draft[] = [
      { chain: "content", kind: "reaction", body: { target, emoji: "👍", on: n % 2 === 0 } },
      { chain: "content", kind: "edit", body: { target, text: `edited ${n}` } },
      { chain: "content", kind: "delete", body: { target } },
    ];
    const draft = drafts[n % drafts.length];
    if (draft !== undefined) void node.write(draft);
  }

  #leave(node: SimNode): void {
    if (node.replica === undefined) return;
    const cuts = [...cutsOf(node.replica, node.account)];
    void node.write({ chain: "control", kind: "leave", body: { cuts } });
  }

  #remove(node: SimNode, other: SimNode, n: number): void {
    if (node.replica === undefined || node.account === other.account) return;
    const cuts = [...cutsOf(node.replica, other.account)];
    void node.write({ chain: "control", kind: "remove", body: { account: other.account, bar: n % 2 === 0, cuts } });
  }

  #role(node: SimNode, other: SimNode, n: number): void {
    const role = (["member", "moderator", "owner"] as const)[n % 3] ?? "member";
    void node.write({ chain: "control", kind: "role", body: { account: other.account, role } });
  }

  #byRogue({ kind, n }: Step): void {
    if (kind === "lie") this.#rogue.tell(LIES[n % LIES.length] ?? "fork", Math.floor(n / LIES.length));
    if (kind === "withhold") this.#withheld = n % 2 === 0 ? undefined : n;
    if (kind !== "rogue-power") return;
    const [owner] = this.#world.nodes;
    const { account } = this.#rogueNode;
    void owner?.write({ chain: "control", kind: "role", body: { account, role: "moderator" } });
  }
}

function withOtherBody(entry: WireEntry): WireEntry {
  const body = Uint8Array.from(entry.body ?? [], (byte, at) => (at === 20 ? byte ^ 1 : byte));
  return { ...entry, body: entry.body === null ? null : body };
}
