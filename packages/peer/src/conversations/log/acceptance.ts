import { type DeviceKey, LAMPORT_BEFORE_HISTORY_MAX } from "@papo/protocol";
import { Bodies } from "./bodies.ts";
import { EffectiveOrder } from "./effective-order.ts";
import type { GrowingControl } from "./growing-control.ts";
import { contentOf } from "./entry-content.ts";
import type { ForkFinder } from "./fork-finder.ts";
import { controlChainOf, heldChainOf } from "./held-chain.ts";
import type { LogStep, NewEntry } from "./log-step.ts";
import type { OpenedEntry } from "./opened-entry.ts";
import type { PendingChain, PendingEntries, PendingEntry } from "./pending-entries.ts";
import { reconcile } from "./reconcile.ts";
import { chainName } from "./room-memory.ts";
import type { RoomState } from "./room-state.ts";
import { isSettled } from "./settled-fork.ts";
import { nextSpan } from "./spans.ts";
import { type RunStart, isAfter, vouch } from "./vouching.ts";

export type AcceptancePorts = {
  readonly step: LogStep;
  /** As this step grows it. */
  readonly control: GrowingControl;
  readonly pending: PendingEntries;
  readonly forks: ForkFinder;
  /** Content numbers that are not ours to read, by the state as it is when asked. */
  readonly base: () => ReadonlyMap<DeviceKey, number>;
  readonly nowMs: number;
};

/**
 * Takes entries from waiting to accepted within one step: control first, because it says whose content counts; along each chain, what a signature vouches
 * for; and what follows from that for what is held already. docs/protocol/room-log.md §4.12
 */
export class Acceptance {
  readonly #ports: AcceptancePorts;
  readonly #order: EffectiveOrder;
  readonly #bodies: Bodies;
  readonly #stateBefore: RoomState;
  readonly refused: PendingEntry[] = [];
  readonly forks: DeviceKey[] = [];

  constructor(ports: AcceptancePorts) {
    this.#ports = ports;
    const { step, control, base, nowMs } = ports;
    this.#stateBefore = control.state;
    this.#bodies = new Bodies(step, () => control.state, nowMs);
    this.#order = new EffectiveOrder(step, {
      base: (device) => base().get(device) ?? 0,
      baseEffective: LAMPORT_BEFORE_HISTORY_MAX,
      spans: (device, chain) => control.state.spans(device, chain),
    });
  }

  /** `touched`: names of chains of which something new waits. */
  run(touched: ReadonlySet<string>): void {
    const { pending, control } = this.#ports;
    const isControlTouched = this.#advanceControl(touched);
    if (isControlTouched && control.state !== this.#stateBefore) this.#reconcile();
    for (const chain of pending.chains()) {
      const isDue = isControlTouched || touched.has(chainName(chain.device, chain.chain));
      if (chain.chain === "content" && isDue) this.#advance(chain);
    }
    this.#order.settle();
    if (isControlTouched) this.#findControlForks();
    for (const chain of pending.chains()) {
      if (isControlTouched || touched.has(chainName(chain.device, chain.chain))) this.#cleanUp(chain);
    }
  }

  /** An entry that is authentic and may stand: ours, or one that `run` found to be. */
  accept(opened: OpenedEntry, signature: Uint8Array | null, batch: object | undefined): NewEntry {
    const { header, id, body } = opened;
    const content = contentOf(header, body);
    const entry: NewEntry = { opened, content, signature, body, effective: 0, batch };
    this.#order.place(entry);
    this.#bodies.accepted(entry, this.#order.arrived(id, true));
    const { step } = this.#ports;
    const tip = step.tip(header.author, header.chain);
    const bytes = header.chain === "content" ? (tip?.bytes ?? 0) + header.bodySize : 0;
    // Of several branches the head is the longest one's, then the smallest: the same for everybody who has them.
    const isHead = tip === undefined || header.seq > tip.seq || (header.seq === tip.seq && id < tip.id);
    if (isHead) step.setTip({ device: header.author, chain: header.chain, seq: header.seq, id, bytes });
    if (header.chain === "content") step.cover(entry);
    return entry;
  }

  /** After entries of our own: what waited for them moves. */
  settle(): void {
    if (this.#ports.control.state !== this.#stateBefore) this.#reconcile();
    this.#order.settle();
  }

  get hasChangedState(): boolean {
    return this.#ports.control.state !== this.#stateBefore;
  }

  wantsBody(opened: OpenedEntry): boolean {
    return this.#bodies.wants(opened.id, opened.header, contentOf(opened.header, opened.body).target);
  }

  #reconciled: RoomState | undefined;
  #reconcile(): void {
    const { step, control } = this.#ports;
    reconcile(step, this.#order, this.#reconciled ?? this.#stateBefore, control.state);
    this.#reconciled = control.state;
  }

  /** One control chain may wait for another, so all are tried until none moves. True when any did. */
  #advanceControl(touched: ReadonlySet<string>): boolean {
    const { pending } = this.#ports;
    let any = false;
    let due = pending
      .chains()
      .filter(({ device, chain }) => chain === "control" && touched.has(chainName(device, chain)));
    while (due.length > 0) {
      let moved = false;
      for (const chain of due) if (this.#advanceBranches(chain)) moved = true;
      if (!moved) break;
      any = true;
      due = pending.chains().filter(({ chain }) => chain === "control");
    }
    return any;
  }

  /**
   * Every branch of a control chain is taken, because others may have built on either before they knew: so a run may follow any entry that is here.
   * docs/protocol/room-log.md §4.9
   */
  #advanceBranches(chain: PendingChain): boolean {
    const { control, step } = this.#ports;
    let moved = false;
    for (const { opened } of [...chain.byId.values()]) {
      const { seq, prev } = opened.header;
      if (!chain.byId.has(opened.id) || !(prev === null || control.holds(prev))) continue;
      const lamport = prev === null ? 0 : (step.placeOf(prev)?.lamport ?? 0);
      const start = { seq, to: Number.POSITIVE_INFINITY, prev, lamport };
      vouch(chain, start);
      if (this.#acceptRun(chain, start)) moved = true;
    }
    return moved;
  }

  #findControlForks(): void {
    const { step, control, forks } = this.#ports;
    for (const device of new Set(control.branches().map((branch) => branch.device))) {
      if (control.state.forked.has(device)) this.#forgetSettled(device);
      else if (forks.examineControl(device, controlChainOf(step, device))) this.forks.push(device);
    }
  }

  /** Accepts what it can of a chain. */
  #advance(chain: PendingChain): boolean {
    let moved = false;
    for (let start = this.#startOf(chain); start !== undefined; start = this.#startOf(chain)) {
      vouch(chain, start);
      if (!this.#acceptRun(chain, start)) return moved;
      moved = true;
    }
    this.#refuse(chain);
    return moved;
  }

  /** Accepts what is vouched for, up to the end of a span. True when anything was. */
  #acceptRun(chain: PendingChain, start: RunStart): boolean {
    let { prev, lamport } = start;
    for (let seq = start.seq; seq <= start.to; seq++) {
      const next = this.#nextTaken(chain.at(seq), { prev, lamport });
      if (next === undefined) return seq > start.seq;
      this.#ports.pending.remove(next);
      this.accept(next.opened, next.isVerified ? next.signature : null, next.batch);
      prev = next.opened.id;
      lamport = next.opened.header.lamport;
    }
    return true;
  }

  /** Of several that could be next, as where a device forks, one that waits for what may never come keeps none of the others back. */
  #nextTaken(
    candidates: readonly PendingEntry[],
    before: Pick<RunStart, "prev" | "lamport">,
  ): PendingEntry | undefined {
    for (const entry of [...candidates]) {
      if (!entry.isVouched || !isAfter(entry.opened.header, before)) continue;
      const verdict = this.#judge(entry.opened);
      if (verdict === "taken") return entry;
      if (verdict === "refused") this.#drop(entry);
    }
    return undefined;
  }

  #judge(opened: OpenedEntry): "taken" | "waits" | "refused" {
    const { step, control } = this.#ports;
    const { header } = opened;
    if (header.chain === "control") return control.offer(opened);
    if (!header.auth.every((id) => control.has(id))) return "waits";
    const quota = control.state.genesis?.quotaBytes ?? null;
    const bytes = (step.tip(header.author, "content")?.bytes ?? 0) + header.bodySize;
    return quota !== null && bytes > quota ? "refused" : "taken";
  }

  /** Where the next accepted entry of a chain must stand; undefined: nothing more of it counts. */
  #startOf({ device, chain }: PendingChain): RunStart | undefined {
    const { step, control, base } = this.#ports;
    const tip = step.tip(device, chain);
    const held = tip?.seq ?? 0;
    const next = nextSpan(control.state.spans(device, chain), Math.max(held, base().get(device) ?? 0));
    if (next === undefined) return undefined;
    const place = { seq: next.from, to: next.to };
    if (next.from !== held + 1) return { ...place, prev: undefined, lamport: 0 };
    if (tip === undefined) return { ...place, prev: null, lamport: 0 };
    return { ...place, prev: tip.id, lamport: step.placeOf(tip.id)?.lamport ?? 0 };
  }

  /** Nothing more of this chain counts, as far as what waits can know: what was written under control entries that are not here waits on. */
  #refuse(chain: PendingChain): void {
    const { control, step } = this.#ports;
    const held = step.tip(chain.device, chain.chain)?.seq ?? 0;
    for (const entry of chain.byId.values()) {
      const { header } = entry.opened;
      if (header.seq > held && header.auth.every((id) => control.has(id))) this.#drop(entry);
    }
  }

  #forgetSettled(device: DeviceKey): void {
    const { forks, control } = this.#ports;
    const found = forks.found(device);
    if (found !== undefined && isSettled(control.state, found)) forks.forget(device);
  }

  #drop(entry: PendingEntry): void {
    this.#ports.pending.remove(entry);
    this.refused.push(entry);
  }

  /** What is left of a chain: another branch, or what waits on. */
  #cleanUp(chain: PendingChain): void {
    const { forks, pending, step, control } = this.#ports;
    this.#forgetSettled(chain.device);
    const held = heldChainOf(step, control.state, chain, this.#ports.base());
    if (forks.examine(chain, held)) this.forks.push(chain.device);
    for (const entry of chain.byId.values()) {
      if (entry.opened.header.seq > held.seq || (entry.isVouched && forks.isSearching(chain.device, chain.chain)))
        continue;
      if (entry.isVouched) pending.remove(entry);
      else this.#drop(entry);
    }
    pending.trim(chain);
  }
}
