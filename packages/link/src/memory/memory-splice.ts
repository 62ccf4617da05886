import { fail } from "@papo/protocol";
import { Deadline } from "../deadline.ts";
import type { Splice, SpliceEnd, SpliceRules, SpliceSide } from "../ticket.ts";
import { delayAlong, isBlockedAlong, opposite } from "./ether.ts";
import type { MemoryCaller } from "./memory-caller.ts";
import type { MemoryLink } from "./memory-link.ts";
import { type Party, type WiringEnd, settleBoth, shakeHands, wire } from "./wiring.ts";

/** Two callers joined: a handshake's time later each has a link that leads through here. */
export class MemorySplice implements Splice {
  readonly #one: MemoryCaller;
  readonly #other: MemoryCaller;
  readonly #rules: SpliceRules;
  readonly #idle: Deadline;
  readonly #bytes = { one: 0, other: 0 };
  #links: readonly MemoryLink[] = [];
  #open = 2;
  #isMeeting = false;
  #isEnded = false;

  constructor(one: MemoryCaller, other: MemoryCaller, rules: SpliceRules) {
    this.#one = one;
    this.#other = other;
    this.#rules = rules;
    this.#idle = new Deadline(rules.clock, () => this.end("idle"));
  }

  start(): void {
    this.#idle.set(this.#rules.idleTimeoutMs);
    const { ether } = this.#one.parts;
    const way = this.#way;
    const roundTripMs = delayAlong(ether, way) + delayAlong(ether, opposite(way));
    ether.clock.after(roundTripMs, () => {
      const isBlocked = isBlockedAlong(ether, way) || isBlockedAlong(ether, opposite(way));
      if (!this.#isEnded && !isBlocked) this.#meet();
    });
  }

  close(): void {
    this.end("shut");
  }

  callerGone(): void {
    if (this.#links.length === 0 && !this.#isMeeting) this.end("closed");
  }

  /** Ends what is still there, and tells that it is over. */
  end(why: SpliceEnd["why"]): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#idle.stop();
    for (const link of this.#links) link.lose("the relay closed the connection");
    for (const { parts } of [this.#one, this.#other]) {
      parts.party?.settle(fail("unreachable", "the connection ended before a word"));
    }
    this.#one.gone();
    this.#other.gone();
    const { ended } = this.#rules;
    queueMicrotask(() => ended({ why, bytes: { ...this.#bytes } }));
  }

  get #way() {
    return [...this.#one.parts.way, ...opposite(this.#other.parts.way)];
  }

  #meet(): void {
    const [one, other] = [this.#one.parts, this.#other.parts];
    if (one.party === undefined || other.party === undefined) return;
    this.#isMeeting = true;
    if (!shakeHands(one.party, other.party)) return this.end("closed");
    const ends = [this.#end("one", this.#one, one.party), this.#end("other", this.#other, other.party)] as const;
    const links = wire(one.ether, "papo", this.#way, ends);
    this.#links = links;
    settleBoth([one.party, other.party], links);
  }

  #end(side: SpliceSide, { ends, parts }: MemoryCaller, { settings }: Party): WiringEnd {
    return {
      settings,
      local: { address: parts.way[0]?.from ?? ends.remoteAddress, port: ends.remotePort },
      remote: { address: ends.localAddress, port: ends.localPort },
      meter: (bytes) => this.#meter(side, bytes),
      onEnded: () => {
        this.#open -= 1;
        if (this.#open === 0) this.end("closed");
      },
    };
  }

  #meter(side: SpliceSide, bytes: number): number {
    if (this.#isEnded) return 0;
    this.#bytes[side] += bytes;
    const delayMs = this.#rules.spend(side, bytes);
    this.#idle.set(this.#rules.idleTimeoutMs + delayMs);
    return delayMs;
  }
}
