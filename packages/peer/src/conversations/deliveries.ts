import type { Fault, MessageId, Username } from "@papo/protocol";
import type { Delivery, Message } from "../api.ts";

/**
 * Where one message stands with one member. `silent`: written to a program that never confirms; `full`: too much waited for
 * this member already; `gone`: no member any more, so it is for nobody there.
 */
export type Standing = "waiting" | "sent" | "received" | "silent" | "full" | "gone";

type Tracked = {
  readonly message: Message;
  readonly standingByName: Map<Username, Standing>;
  delivery: Delivery;
  wentPlain: boolean;
};

/** Where each own message stands, until everybody it is for has it. Bounded by the outbox: one entry there keeps one here. */
export class Deliveries {
  readonly #trackedById = new Map<MessageId, Tracked>();

  track(message: Message, recipients: readonly Username[]): void {
    const standingByName = new Map<Username, Standing>(recipients.map((name) => [name, "waiting"]));
    this.#trackedById.set(message.id, { message, standingByName, delivery: NOBODY, wentPlain: false });
  }

  /** `plain`: it went where it can be read on the way. */
  mark(id: MessageId, name: Username, standing: Standing, how: { readonly plain: boolean } = { plain: false }): void {
    const tracked = this.#trackedById.get(id);
    // What was confirmed stays confirmed, whichever link ends later.
    if (tracked === undefined || tracked.standingByName.get(name) === "received") return;
    tracked.standingByName.set(name, standing);
    tracked.wentPlain ||= how.plain;
  }

  /** The message as it stands now, and whether that is news. Forgets it when nothing can change any more. */
  settle(
    id: MessageId,
    reasonFor: (name: Username) => Fault,
  ): { readonly message: Message; readonly isNews: boolean } | undefined {
    const tracked = this.#trackedById.get(id);
    if (tracked === undefined) return undefined;
    const delivery = deliveryOf(tracked.standingByName, reasonFor);
    const isNews = JSON.stringify(delivery) !== JSON.stringify(tracked.delivery);
    tracked.delivery = delivery;
    const standings = [...tracked.standingByName.values()];
    if (!standings.some((standing) => standing === "waiting" || standing === "sent")) this.#trackedById.delete(id);
    return { message: { ...tracked.message, delivery, encrypted: !tracked.wentPlain }, isNews };
  }

  waitingFor(name: Username): readonly MessageId[] {
    return [...this.#trackedById].flatMap(([id, { standingByName }]) =>
      standingByName.get(name) === "waiting" ? [id] : [],
    );
  }
}

const NOBODY: Delivery = { kind: "sent", received: 0, silent: 0, of: 0 };

function deliveryOf(standingByName: ReadonlyMap<Username, Standing>, reasonFor: (name: Username) => Fault): Delivery {
  const count = (wanted: Standing): number =>
    [...standingByName.values()].filter((standing) => standing === wanted).length;
  const of = standingByName.size - count("gone");
  const [received, silent] = [count("received"), count("silent")];
  const [waiting] = [...standingByName].filter(([, standing]) => standing === "waiting");
  if (waiting === undefined || count("waiting") < of) return { kind: "sent", received, silent, of };
  return { kind: "held", reason: reasonFor(waiting[0]) };
}
