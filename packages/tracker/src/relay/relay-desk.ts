import type { Clock, Splice, TicketCaller, Timer } from "@papo/link";
import { RELAY_CLOCK_SKEW_MS, RELAY_IDLE_TIMEOUT_MS, RELAY_MEET_TIMEOUT_MS, TICKET_LIFETIME_MS } from "@papo/protocol";
import type { TrackerLog } from "../log/tracker-log.ts";
import { AddressCounts } from "../services/address-counts.ts";
import { RelayBudgets, type RelayLimits } from "./relay-budgets.ts";
import type { RelayEnd, RelayMetrics, RelayRefusal } from "./relay-metrics.ts";
import type { TicketContent } from "./tickets.ts";
import { UsedTickets } from "./used-tickets.ts";

type Parts = {
  readonly clock: Clock;
  readonly limits: RelayLimits;
  readonly log: TrackerLog;
  readonly metrics: RelayMetrics;
};

type Side = { readonly caller: TicketCaller; readonly ticket: TicketContent };
type WaitingSide = Side & { readonly timer: Timer };
type OpenPair = { readonly splice: Splice };

/**
 * Brings the two sides of each relayed link together and passes on what they say, byte for byte: nothing is kept, read or understood.
 * Who has no good ticket, or comes alone or too often, is hung up on. docs/protocol/tracker.md §8.2
 */
export class RelayDesk {
  readonly #parts: Parts;
  readonly #budgets: RelayBudgets;
  readonly #used = new UsedTickets();
  readonly #waiting = new Map<string, WaitingSide>();
  readonly #open = new Set<OpenPair>();
  readonly #sidesByPayer = new Map<string, number>();
  readonly #sidesByAddress: AddressCounts;
  #isClosed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#budgets = new RelayBudgets(parts.limits, () => parts.clock.monotonicMs());
    this.#sidesByAddress = new AddressCounts(parts.limits.connectionsPerAddress);
    parts.metrics.watch({ pairs: () => this.#open.size, waiting: () => this.#waiting.size });
  }

  /** Whether one more link of theirs would be taken now. */
  hasRoomFor(payers: readonly string[]): boolean {
    const { pairs } = this.#parts.limits;
    return this.#waiting.size + this.#open.size < pairs && payers.every((payer) => this.#isWithinShare(payer));
  }

  /** Somebody who shows a ticket of ours for one side of a link. */
  welcome(caller: TicketCaller, ticket: TicketContent): void {
    if (caller.isClosed) return;
    const refusal = this.#refusal({ caller, ticket });
    if (refusal !== undefined) return this.#refuse(caller, refusal);
    const partner = this.#waiting.get(ticket.pair);
    if (partner === undefined) this.#wait({ caller, ticket });
    else this.#meet(partner, { caller, ticket });
  }

  /** Ends everything, finally. */
  close(): void {
    this.#isClosed = true;
    for (const { caller, timer } of this.#waiting.values()) {
      timer.cancel();
      caller.destroy();
    }
    this.#waiting.clear();
    for (const { splice } of this.#open) splice.close();
  }

  #refusal(side: Side): RelayRefusal | undefined {
    const { ticket } = side;
    const nowMs = this.#parts.clock.wallMs();
    const untilMs = ticket.expiresMs + RELAY_CLOCK_SKEW_MS;
    const isOfNow = nowMs < untilMs && nowMs > ticket.expiresMs - TICKET_LIFETIME_MS - RELAY_CLOCK_SKEW_MS;
    if (!isOfNow || this.#isClosed) return "expired";
    const name = `${ticket.pair} ${ticket.purpose}`;
    if (this.#used.has(name, nowMs)) return "used";
    const refusal = this.#lack(side);
    // What was never let in has cost nothing, and is not worth remembering.
    if (refusal === undefined) this.#used.add(name, untilMs);
    return refusal;
  }

  #lack({ caller, ticket }: Side): RelayRefusal | undefined {
    if (!this.#sidesByAddress.hasRoomFor(caller.ends.remoteAddress)) return "full";
    const partner = this.#waiting.get(ticket.pair);
    if (partner === undefined) return this.hasRoomFor([ticket.payer]) ? undefined : "full";
    if (partner.caller.isClosed) return "alone";
    return this.#isWithinShare(ticket.payer) ? undefined : "full";
  }

  #refuse(caller: TicketCaller, why: RelayRefusal): void {
    this.#parts.metrics.refused(why);
    caller.destroy();
  }

  /** What it says meanwhile waits where it is: nobody reads it before there is somebody to hear it. */
  #wait(side: Side): void {
    const { clock, metrics } = this.#parts;
    const { pair } = side.ticket;
    this.#began(side);
    const leave = () => {
      if (this.#waiting.get(pair)?.caller !== side.caller) return;
      this.#waiting.delete(pair);
      timer.cancel();
      this.#over(side);
      metrics.ended("unmet");
    };
    const timer = clock.after(RELAY_MEET_TIMEOUT_MS, () => {
      leave();
      side.caller.destroy();
    });
    this.#waiting.set(pair, { ...side, timer });
    side.caller.onClosed(leave);
  }

  #meet(one: WaitingSide, other: Side): void {
    const { clock, metrics } = this.#parts;
    one.timer.cancel();
    this.#waiting.delete(one.ticket.pair);
    this.#began(other);

    const shares = { one: this.#budgets.shareOf(one.ticket.payer), other: this.#budgets.shareOf(other.ticket.payer) };
    const splice = one.caller.spliceWith(other.caller, {
      clock,
      idleTimeoutMs: RELAY_IDLE_TIMEOUT_MS,
      spend: (from, bytes) => {
        metrics.passed(bytes);
        return shares[from](bytes);
      },
      ended: ({ why, bytes }) => {
        this.#open.delete(open);
        this.#over(one);
        this.#over(other);
        this.#ended(why, bytes.one + bytes.other);
      },
    });
    const open: OpenPair = { splice };
    this.#open.add(open);
  }

  #ended(why: RelayEnd, bytes: number): void {
    const { metrics, log } = this.#parts;
    metrics.ended(why);
    log.event({ kind: "relay_ended", why, bytes });
  }

  #isWithinShare(payer: string): boolean {
    return (this.#sidesByPayer.get(payer) ?? 0) < this.#parts.limits.pairsPerAccount;
  }

  #began({ caller, ticket }: Side): void {
    this.#sidesByAddress.add(caller.ends.remoteAddress);
    this.#count(ticket.payer, 1);
  }

  #over({ caller, ticket }: Side): void {
    this.#sidesByAddress.remove(caller.ends.remoteAddress);
    this.#count(ticket.payer, -1);
  }

  #count(payer: string, by: 1 | -1): void {
    const sides = (this.#sidesByPayer.get(payer) ?? 0) + by;
    if (sides === 0) this.#sidesByPayer.delete(payer);
    else this.#sidesByPayer.set(payer, sides);
  }
}
