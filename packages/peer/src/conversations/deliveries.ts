import type { Fault, MessageId, Username } from "@papo/protocol";
import type { Delivery, Message } from "../api.ts";
import { ByName } from "../by-name.ts";

/**
 * Where one message stands with one member. `silent`: written to a program that never confirms; `full`: too much waited for
 * this member already; `gone`: no member any more, so it is for nobody there.
 */
type Standing = "waiting" | "sent" | "received" | "silent" | "full" | "gone";

/** A message of which nothing is kept, by the id that its author gave it. */
export type LiveMessage = Message & { readonly id: MessageId };

type Tracked = {
  readonly message: LiveMessage;
  readonly standingByName: Map<Username, Standing>;
  /** How many members stand where: a message to a thousand members changes a thousand times. */
  readonly counts: Record<Standing, number>;
  delivery: Delivery;
  wentPlain: boolean;
};

/** Where each own message stands, until everybody it is for has it. Bounded by the outbox: one entry there keeps one here. */
export class Deliveries {
  readonly #trackedById = new Map<MessageId, Tracked>();
  readonly #waiting = new ByName<MessageId>();

  track(message: LiveMessage, recipients: readonly Username[]): void {
    const standingByName = new Map<Username, Standing>(recipients.map((name) => [name, "waiting"]));
    const counts = { waiting: standingByName.size, sent: 0, received: 0, silent: 0, full: 0, gone: 0 };
    this.#trackedById.set(message.id, { message, standingByName, counts, delivery: NOBODY, wentPlain: false });
    for (const name of standingByName.keys()) this.#waiting.add(name, message.id);
  }

  /** `plain`: it went where it can be read on the way. */
  mark(id: MessageId, name: Username, standing: Standing, how: { readonly plain: boolean } = { plain: false }): void {
    const tracked = this.#trackedById.get(id);
    const before = tracked?.standingByName.get(name);
    // What was confirmed stays confirmed, whichever link ends later.
    if (tracked === undefined || before === undefined || before === "received") return;
    tracked.standingByName.set(name, standing);
    tracked.counts[before] -= 1;
    tracked.counts[standing] += 1;
    tracked.wentPlain ||= how.plain;
    if (standing === "waiting") this.#waiting.add(name, id);
    else this.#waiting.delete(name, id);
  }

  /** The message as it stands now, and whether that is news. Forgets it when nothing can change any more. */
  settle(
    id: MessageId,
    reasonFor: (name: Username) => Fault,
  ): { readonly message: Message; readonly isNews: boolean } | undefined {
    const tracked = this.#trackedById.get(id);
    if (tracked === undefined) return undefined;
    const delivery = deliveryOf(tracked, reasonFor);
    const isNews = JSON.stringify(delivery) !== JSON.stringify(tracked.delivery);
    tracked.delivery = delivery;
    if (tracked.counts.waiting + tracked.counts.sent === 0) this.#trackedById.delete(id);
    return { message: { ...tracked.message, delivery, encrypted: !tracked.wentPlain }, isNews };
  }

  waitingFor(name: Username): readonly MessageId[] {
    return [...this.#waiting.of(name)];
  }
}

const NOBODY: Delivery = { kind: "sent", received: 0, silent: 0, of: 0 };

function deliveryOf({ standingByName, counts }: Tracked, reasonFor: (name: Username) => Fault): Delivery {
  const of = standingByName.size - counts.gone;
  if (counts.waiting > 0 && counts.waiting === of) {
    for (const [name, standing] of standingByName)
      if (standing === "waiting") return { kind: "held", reason: reasonFor(name) };
  }
  return { kind: "sent", received: counts.received, silent: counts.silent, of };
}
