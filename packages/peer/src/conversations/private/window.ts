import { type Fault, type MessageId, PRIVATE_WINDOW_BYTES } from "@papo/protocol";

type UnderWay = { readonly seq: number; readonly id: MessageId; readonly bytes: number };

/** What went over one link and is not confirmed: at most so much, in the order of the chain. */
export class Window {
  /** The last that went over this link, or that need not. */
  sent: number;
  /** Why the other side takes nothing now. */
  refused: Fault | undefined;
  /** Over this link nothing new goes: another one with the same device has taken its place. */
  isRetired = false;
  #underWay: UnderWay[] = [];
  #bytes = 0;

  constructor(sent: number) {
    this.sent = sent;
  }

  has(seq: number): boolean {
    const [oldest] = this.#underWay;
    return oldest !== undefined && seq >= oldest.seq && seq <= this.sent;
  }

  /** How many messages may go before one is confirmed. */
  space(messagesMax: number): number {
    return this.#bytes >= PRIVATE_WINDOW_BYTES ? 0 : messagesMax - this.#underWay.length;
  }

  went(one: UnderWay): void {
    this.#underWay.push(one);
    this.#bytes += one.bytes;
    this.sent = one.seq;
  }

  /** The number of this message, if it went over this link: then it and all before it have arrived. Programs that keep nothing tell no number. */
  confirm(id: MessageId, seq: number | undefined): number | undefined {
    const at = this.#underWay.findIndex((one) => one.id === id && (seq === undefined || one.seq === seq));
    const confirmed = this.#underWay[at];
    for (const { bytes } of this.#underWay.splice(0, at + 1)) this.#bytes -= bytes;
    return confirmed?.seq;
  }

  /** What came after `after` goes again, or waits to. */
  goBack(after: number): void {
    this.sent = Math.min(this.sent, after);
    this.#underWay = [];
    this.#bytes = 0;
  }
}
