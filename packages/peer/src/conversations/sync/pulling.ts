import type { Clock, Random, Timer } from "@papo/link";
import {
  type DeviceHeads,
  ROOM_DEVICES_MAX,
  SYNC_ANSWER_LONGEST_MS,
  SYNC_ANSWER_TIMEOUT_MS,
  SYNC_CREDIT_BYTES,
  SYNC_RANGES_MAX,
  SYNC_ROOMS_AT_ONCE_MAX,
  type SyncHeads,
  type SyncRange,
} from "@papo/protocol";
import type { RoomReplica } from "../log/room-replica.ts";
import type { SharedRoom } from "./shared-room.ts";

export type PullingPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly replica: RoomReplica;
  readonly shared: () => Iterable<SharedRoom>;
  /** Resolves when what this link has brought until now is stored. */
  readonly stored: (from: SharedRoom) => Promise<void>;
  readonly progress: (missing: number) => void;
  readonly brokenPromise: () => void;
  /** A place is free, on a link or in this room: somebody else may go on. */
  readonly free: () => void;
};

/**
 *   idle ──start──▶ heads ──last page──▶ entries ──SYNC_DONE──▶ storing ──something is left──▶ entries
 *     ▲               └── time-out, closed ─┴── time-out, closed, nothing came ─┴── all is here
 *     └──────────────────────────────────────────────────────────────────────────────┘
 */
type State =
  | { readonly kind: "idle" }
  | ({ readonly kind: "heads" } & Source)
  | ({
      readonly kind: "entries";
      readonly asked: readonly SyncRange[];
      readonly askedMs: number;
      bytes: number;
    } & Source)
  | ({ readonly kind: "storing" } & Source);

type Source = {
  readonly from: SharedRoom;
  /** As shown by its heads. */
  readonly digest: string | undefined;
  readonly heads: DeviceHeads[];
  /** False when the first pages had gone by. */
  readonly isWhole: boolean;
  /** Ranges that were answered as far as they are going to be. */
  readonly answered: Set<string>;
};

/** What one SYNC_WANT asks for: so all rooms of one link together never exceed SYNC_CREDIT_BYTES. */
const CREDIT = SYNC_CREDIT_BYTES / SYNC_ROOMS_AT_ONCE_MAX;
/** An answer with less than this, that does not end, is from somebody who holds back. */
const POOR_ANSWER_BYTES = CREDIT / 8;

/**
 * Brings one room up to date, from one link at a time, so that nothing is fetched twice: heads, then what they show and we lack, control first. The next is
 * asked for when the last answer is durable. Whatever is interrupted goes on from what is durable, with whichever link. docs/protocol/room-log.md §7.3
 */
export class Pulling {
  readonly #ports: PullingPorts;
  #state: State = { kind: "idle" };
  #timer: Timer | undefined;
  #retry: Timer | undefined;

  constructor(ports: PullingPorts) {
    this.#ports = ports;
  }

  /** Begins with whoever has something for us, if somebody does and has a place. */
  start(): void {
    if (this.#state.kind !== "idle") return;
    const behind = [...this.#ports.shared()].filter((shared) => shared.isBehindThem && shared.link.isOpen);
    const ready = behind.filter((shared) => shared.waitMs === 0 && shared.talk.hasPlace);
    const best = this.#best(ready);
    if (best !== undefined) {
      this.#begin(best, !best.isAmidHeads);
      best.askForHeads();
    } else if (behind.length > 0) this.#startLater(Math.min(...behind.map(({ waitMs }) => waitMs)));
  }

  stop(): void {
    this.#leave();
    this.#retry?.cancel();
  }

  heads(from: SharedRoom, { heads, last }: SyncHeads): void {
    const isFirst = !from.isAmidHeads;
    from.isAmidHeads = !last;
    const state = this.#state;
    if (state.kind === "idle" && from.isPeer && from.waitMs === 0 && from.talk.hasPlace) {
      // They showed more than we asked for: why not.
      this.#begin(from, isFirst);
    }
    const now = this.#state;
    if (now.kind !== "heads" || now.from !== from) return;
    now.heads.push(...heads.filter((head) => this.#isNews(head)));
    // More than that are for the next time: whoever has forked a chain a thousand times must not keep the others' from coming.
    const isFull = now.heads.length >= ROOM_DEVICES_MAX;
    if (isFull && !last) this.#ask({ ...now, heads: now.heads.slice(0, ROOM_DEVICES_MAX), isWhole: false });
    else if (last) this.#ask(now);
    else this.#expect(now);
  }

  /** It may be asked for, now or when what was asked for with it has come. */
  #isNews(head: DeviceHeads): boolean {
    const { replica } = this.#ports;
    return (head.content?.[0] ?? 0) > replica.head(head.device, "content") || replica.lacks([head]).length > 0;
  }

  /** Entries of this room came on that link. */
  arrived(from: SharedRoom, bytes: number): void {
    const state = this.#state;
    if (state.kind !== "entries" || state.from !== from) return;
    state.bytes += bytes;
    if (this.#ports.clock.monotonicMs() - state.askedMs < SYNC_ANSWER_LONGEST_MS) this.#expect(state);
  }

  async done(from: SharedRoom, more: boolean): Promise<void> {
    const state = this.#state;
    if (state.kind !== "entries" || state.from !== from) return;
    this.#timer?.cancel();
    const { digest, heads, isWhole, answered } = state;
    const storing: State = { kind: "storing", from, digest, heads, isWhole, answered };
    this.#state = storing;
    await this.#ports.stored(from);
    if (this.#state !== storing) return;

    const left = new Set(this.#ports.replica.lacks(heads).map(nameOf));
    const asked = state.asked.map(nameOf);
    const unchanged = asked.filter((name) => left.has(name));
    // An answer that ends early has perhaps not come to all of them, but to one at least.
    if (!more || unchanged.length === asked.length) for (const name of unchanged) answered.add(name);
    const isPoor = more && state.bytes < POOR_ANSWER_BYTES && this.#hasOther(from);
    if (isPoor) this.#fail(storing);
    else this.#ask(storing);
  }

  closed(shared: SharedRoom): void {
    if (this.#state.kind === "idle" || this.#state.from !== shared) return;
    this.#leave();
    this.#ports.free();
  }

  /** What came could not be stored: asked again after a while. */
  storingFailed(): void {
    if (this.#state.kind !== "idle") this.#giveUp(this.#state.from);
  }

  // ---- steps

  #begin(from: SharedRoom, isWhole: boolean): void {
    if (!from.talk.takePlace()) return;
    this.#retry?.cancel();
    const state: State = { kind: "heads", from, digest: from.theirDigest, heads: [], isWhole, answered: new Set() };
    this.#state = state;
    this.#expect(state);
  }

  #ask(source: Source): void {
    const { from, digest, heads, isWhole, answered } = source;
    const { replica, clock, progress } = this.#ports;
    const lacking = replica.lacks(heads);
    const open = lacking.filter((range) => !answered.has(nameOf(range)));
    progress(open.reduce((sum, range) => sum + range.to - range.from + 1, 0));
    if (open.length === 0) return this.#isKept(lacking) ? this.#finish(source) : this.#fail(source);

    const control = open.filter(({ chain }) => chain === "control");
    const asked = (control.length > 0 ? control : open).slice(0, SYNC_RANGES_MAX);
    const askedMs = clock.monotonicMs();
    const state: State = { kind: "entries", from, digest, heads, isWhole, answered, asked, askedMs, bytes: 0 };
    this.#state = state;
    this.#expect(state);
    from.link.say({ cmd: "SYNC_WANT", room: replica.id, ranges: asked, credit: CREDIT });
  }

  /** Whether what is still lacking is no more than branches of forked chains, which are asked for whole and may not exist over there. */
  #isKept(lacking: readonly SyncRange[]): boolean {
    return lacking.every(({ device, chain, from }) => from <= this.#ports.replica.head(device, chain));
  }

  #finish({ from, digest, isWhole }: Source): void {
    from.caughtUp(isWhole ? digest : undefined);
    this.#leave();
    this.#ports.free();
  }

  #fail({ from }: Source): void {
    this.#ports.brokenPromise();
    this.#giveUp(from);
  }

  #giveUp(from: SharedRoom): void {
    from.failed();
    this.#leave();
    this.#ports.free();
  }

  #leave(): void {
    this.#timer?.cancel();
    if (this.#state.kind === "idle") return;
    this.#state.from.talk.givePlace();
    this.#state = { kind: "idle" };
  }

  #expect(state: Source): void {
    this.#timer?.cancel();
    this.#timer = this.#ports.clock.after(SYNC_ANSWER_TIMEOUT_MS, () => this.#fail(state));
  }

  #startLater(delayMs: number): void {
    this.#retry?.cancel();
    // Without a delay it is a place that is missing: whoever gives one up tells.
    if (delayMs > 0) this.#retry = this.#ports.clock.after(delayMs, () => this.#ports.free());
  }

  #best(ready: readonly SharedRoom[]): SharedRoom | undefined {
    const fewest = Math.min(...ready.map(({ failures }) => failures));
    const equal = ready.filter(({ failures }) => failures === fewest);
    return equal[Math.floor(this.#ports.random.fraction() * equal.length)];
  }

  #hasOther(from: SharedRoom): boolean {
    return [...this.#ports.shared()].some((other) => other !== from && other.isBehindThem && other.waitMs === 0);
  }
}

function nameOf({ device, chain, from, to }: SyncRange): string {
  return `${device} ${chain} ${from} ${to}`;
}
