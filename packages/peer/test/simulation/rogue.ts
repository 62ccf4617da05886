import { signText } from "@papo/link";
import {
  type EntryId,
  type RoomId,
  SIGNATURE_CONTEXTS,
  type Sha256,
  type SyncSays,
  type WireEntry,
} from "@papo/protocol";
import { type EntryFields, type OpenedEntry, sealEntry, signSealed } from "../../src/conversations/log/opened-entry.ts";
import { key } from "../conformance/history-samples.ts";
import { admitting, value } from "../conversations/log/control-fixture.ts";
import type { SimNode } from "./sim-node.ts";
import type { World } from "./world.ts";

/** What a member does who keeps to no rule. It has the engine of everybody, and its own keys; what it makes by hand goes to whom it likes. */
export const LIES = [
  "fork",
  "forge",
  "claims",
  "cites",
  "flood",
  "other-room",
  "backdate",
  "heads",
  "receipts",
  "replay",
  "control-fork",
  "usurp",
  "after-removal",
  "bare",
] as const;
export type Lie = (typeof LIES)[number];

/** As far as one can claim and still write on afterwards. */
const CLAIM_MAX = Number.MAX_SAFE_INTEGER - 1_000_000;

type Place = {
  readonly chain: "control" | "content";
  readonly seq: number;
  readonly prev: EntryId | null;
  readonly lamport: number;
};

export class Rogue {
  readonly #world: World;
  readonly #node: SimNode;
  #made = 0;
  /** Everything made by hand, to be told again. */
  readonly #entries: OpenedEntry[] = [];

  constructor(world: World, node: SimNode) {
    this.#world = world;
    this.#node = node;
  }

  /** `n` chooses among what is possible. */
  tell(lie: Lie, n: number): void {
    const { replica } = this.#node;
    if (replica === undefined || replica.state.genesis === undefined) return;
    switch (lie) {
      case "fork":
        return this.#fork("content", n);
      case "control-fork":
        return this.#fork("control", n);
      case "forge":
        return this.#forge(n);
      case "claims":
        return this.#send(n, [this.#signed({ lamport: n % 2 === 0 ? CLAIM_MAX : 1_000_000 + n })]);
      case "cites":
        return this.#cite(n);
      case "flood":
        return this.#flood(n);
      case "other-room":
        return this.#send(n, [this.#signed({ room: key("another") as RoomId })]);
      case "backdate":
        return this.#backdate(n);
      case "heads":
        return this.#lieAboutHeads(n);
      case "receipts":
        return this.#lieAboutReceipts(n);
      case "replay":
        return this.#replay(n);
      case "usurp":
        return this.#usurp(n);
      case "after-removal":
        return this.#send(n, [this.#signed({ auth: [this.#node.room as string as EntryId] })]);
      case "bare":
        return this.#bare(n);
    }
  }

  // ---- entries by hand

  #tip(chain: "control" | "content"): Place {
    const { replica, device, room, history } = this.#node;
    const heads = replica?.heads().find((head) => head.device === device)?.[chain] ?? null;
    if (heads === null) return { chain, seq: 1, prev: null, lamport: 2 };
    const [seq, prev] = heads;
    const header = history.entry(room, prev)?.header ?? new Uint8Array();
    const { lamport } = JSON.parse(Buffer.from(header).toString() || '{"lamport":1}') as { lamport: number };
    return { chain, seq: seq + 1, prev, lamport: lamport + 1 };
  }

  #sealed(changes: Partial<EntryFields> = {}, said: Parameters<typeof sealEntry>[1] = this.#lineOf()): OpenedEntry {
    const { chain, seq, prev, lamport } = this.#tip(changes.chain ?? "content");
    const auth = this.#node.replica?.state.heads.slice(0, 8) ?? [];
    const place = { room: this.#node.room, author: this.#node.device, chain, seq, prev, lamport };
    const entry = value(sealEntry({ ...place, auth: [...auth], deps: [], time: 0, ...changes }, said));
    this.#entries.push(entry);
    return entry;
  }

  #lineOf(): { readonly kind: "message"; readonly body: { readonly text: string } } {
    return { kind: "message", body: { text: `lie ${this.#made++}` } };
  }

  #signed(changes: Partial<EntryFields> = {}, said: Parameters<typeof sealEntry>[1] = this.#lineOf()): OpenedEntry {
    const signed = signSealed(this.#sealed(changes, said), this.#node.keys);
    this.#entries[this.#entries.length - 1] = signed;
    return signed;
  }

  /** Two that are both the next one, told to different people; one of them may go on. */
  #fork(chain: "control" | "content", n: number): void {
    const one = chain === "content" ? this.#signed() : this.#signed({ chain }, this.#act(n));
    const other = chain === "content" ? this.#signed() : this.#signed({ chain }, this.#act(n + 1));
    const branch = [other];
    if (n % 3 === 0) {
      const { seq, lamport } = other.header;
      const next = { chain, seq: seq + 1, prev: other.id, lamport: lamport + 1 } as const;
      branch.push(chain === "content" ? this.#signed(next) : this.#signed(next, this.#act(n + 2)));
    }
    for (const [at, far] of this.#others().entries()) this.#sendTo(far, (at + n) % 2 === 0 ? [one] : branch);
  }

  /** An act on control that may or may not be in its power. */
  #act(n: number): Parameters<typeof sealEntry>[1] {
    const target = this.#world.honest[n % this.#world.honest.length] ?? this.#node;
    const { account, person } = target;
    const acts: readonly Parameters<typeof sealEntry>[1][] = [
      { kind: "topic", body: { text: `mallory ${n}` } },
      { kind: "remove", body: { account, bar: false, cuts: this.#cutsOf(target, n) } },
      { kind: "role", body: { account: this.#node.account, role: "owner" } },
      admitting(person),
      { kind: "close", body: {} },
    ];
    return acts[n % acts.length] ?? { kind: "close", body: {} };
  }

  /** Cuts with anything between nothing and more than there is. */
  #cutsOf({ device }: SimNode, n: number) {
    const head = this.#node.replica?.heads().find((heads) => heads.device === device);
    const content = head?.content ?? null;
    if (content === null || n % 3 === 0) return [{ device, control: null, content: null }];
    const seq = Math.max(1, content[0] - (n % 2));
    const id = this.#node.history.entryAt(this.#node.room, device, "content", seq)?.id ?? content[1];
    return [{ device, control: head?.control ?? null, content: [seq, id] as [number, EntryId] }];
  }

  /** In the name of somebody else. */
  #forge(n: number): void {
    const victim = this.#world.honest[n % this.#world.honest.length];
    const head = victim?.replica?.heads().find(({ device }) => device === victim.device)?.content;
    if (victim === undefined || head === undefined) return;
    const [seq, prev] = head ?? [0, null];
    const fields = { author: victim.device, seq: seq + 1, prev, lamport: 1_000 + n };
    const forged = this.#sealed(fields);
    const own = this.#signed().signature;
    this.#send(n, [{ ...forged, signature: n % 2 === 0 ? own : new Uint8Array(64) }]);
  }

  #cite(n: number): void {
    const nothing = key(`nothing ${n}`) as EntryId;
    const device = this.#world.honest[n % this.#world.honest.length]?.device;
    if (device === undefined || device === this.#node.device) return;
    if (n % 2 === 0) this.#send(n, [this.#signed({ deps: [[device, 1_000_000_000, nothing]], lamport: 1_000 + n })]);
    else this.#send(n, [this.#signed({ auth: [nothing], lamport: 1_000 + n })]);
  }

  #flood(n: number): void {
    const entries: OpenedEntry[] = [];
    let { seq, prev, lamport } = this.#tip("content");
    for (let count = 0; count < 40; count += 1) {
      const entry = this.#sealed({ seq: n % 2 === 0 ? seq : seq + 1_000_000, prev, lamport });
      entries.push(entry);
      [seq, prev, lamport] = [seq + 1, entry.id, lamport + 1];
    }
    this.#send(n, entries);
  }

  /** Claims that do not grow, and an act under the room's first entry alone, as if it had known no other. */
  #backdate(n: number): void {
    if (n % 2 === 0) this.#send(n, [this.#signed({ lamport: 1 })]);
    else
      this.#send(n, [
        this.#signed({ chain: "control", auth: [this.#node.room as string as EntryId] }, this.#act(n >>> 1)),
      ]);
  }

  /** What is beyond its rights, written under what everybody knows. */
  #usurp(n: number): void {
    this.#send(n, [this.#signed({ chain: "control" }, this.#act(n))]);
  }

  /** Entries of others without their signatures, or with other bodies. */
  #bare(n: number): void {
    const { history, room } = this.#node;
    const entries = history.lines(room, { limit: 20 }).map(({ header, signature, body }): WireEntry => {
      if (n % 2 === 0) return { header, signature: null, body };
      return { header, signature, body: Uint8Array.from(body ?? [], (byte, at) => (at === 20 ? byte ^ 1 : byte)) };
    });
    this.#sendRaw(n, entries);
  }

  #replay(n: number): void {
    const all = [...this.#entries];
    for (let at = all.length - 1; at > 0; at -= 1) {
      const other = Math.floor(this.#world.random.fraction() * (at + 1));
      const [a, b] = [all[at], all[other]];
      if (a !== undefined && b !== undefined) [all[at], all[other]] = [b, a];
    }
    this.#send(n, all.slice(0, 30));
  }

  // ---- words

  #lieAboutHeads(n: number): void {
    const { room, device } = this.#node;
    const victim = this.#world.honest[n % this.#world.honest.length]?.device ?? device;
    const far: [number, EntryId] = [1_000_000_000, key("far") as EntryId];
    const hash = key(`${n}`) as Sha256;
    const lies: readonly SyncSays[] = [
      { cmd: "SYNC_DIGEST", room, control: hash, content: hash },
      {
        cmd: "SYNC_HEADS",
        room,
        heads: [{ device: victim, control: far, content: far }],
        last: true,
        ask: n % 2 === 0,
      },
      { cmd: "STORED", room, heads: [{ device: victim, control: 1_000_000, content: 1_000_000 }] },
      { cmd: "SYNC_DONE", room, more: true },
      { cmd: "SYNC_WANT", room, ranges: [{ device: victim, chain: "content", from: 1, to: 1_000_000_000 }], credit: 1 },
      { cmd: "CARRY", room, devices: [victim] },
    ];
    const said = lies[n % lies.length];
    if (said !== undefined) for (const links of this.#node.links.values()) for (const link of links) link.say(said);
  }

  #lieAboutReceipts(n: number): void {
    const { room, keys } = this.#node;
    const victim = this.#world.honest[n % this.#world.honest.length];
    if (victim === undefined) return;
    const told = { v: 1, room, device: n % 2 === 0 ? victim.device : this.#node.device, count: 1_000 + n };
    const text = JSON.stringify({ ...told, stored: [[victim.device, 1_000_000]], read: null });
    const receipt = signText(keys, SIGNATURE_CONTEXTS.receipt, text);
    for (const links of this.#node.links.values()) for (const link of links) link.say({ cmd: "RECEIPT", receipt });
  }

  // ---- to whom

  #others(): readonly SimNode[] {
    return [...this.#node.links.keys()];
  }

  #send(n: number, entries: readonly OpenedEntry[]): void {
    this.#sendRaw(
      n,
      entries.map(({ bytes, signature, body }) => ({ header: bytes, signature, body })),
    );
  }

  /** To all, or to one of them. */
  #sendRaw(n: number, entries: readonly WireEntry[]): void {
    const others = this.#others();
    const chosen = n % 4 === 0 ? others : others.slice(n % Math.max(1, others.length)).slice(0, 1);
    for (const far of chosen) this.#sendWire(far, entries);
  }

  #sendTo(far: SimNode, entries: readonly OpenedEntry[]): void {
    this.#sendWire(
      far,
      entries.map(({ bytes, signature, body }) => ({ header: bytes, signature, body })),
    );
  }

  #sendWire(far: SimNode, entries: readonly WireEntry[]): void {
    this.#node.links.get(far)?.[0]?.sayEntries({ room: this.#node.room, entries });
  }
}
