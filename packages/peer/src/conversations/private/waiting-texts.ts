import { type Fault, PRIVATE_OUTBOX_BYTES_MAX, PRIVATE_OUTBOX_MESSAGES_MAX, fault } from "@papo/protocol";

type WaitingText = { readonly bytes: number; told: string | undefined };

/** Own messages that no device of the other account has, by number, and what was told of each. */
export class WaitingTexts {
  readonly #bySeq = new Map<number, WaitingText>();
  #bytes = 0;

  get size(): number {
    return this.#bySeq.size;
  }

  /** `isTold`: the message itself was told, in an earlier run. */
  add(seq: number, text: string, isTold: boolean): void {
    const bytes = Buffer.byteLength(text);
    this.#bySeq.set(seq, { bytes, told: isTold ? "" : undefined });
    this.#bytes += bytes;
  }

  remove(seq: number): void {
    this.#bytes -= this.#bySeq.get(seq)?.bytes ?? 0;
    this.#bySeq.delete(seq);
  }

  /** With so many drafts of so many bytes on their way to the disk. */
  checkRoom(drafts: number, bytes: number): Fault | undefined {
    const isFull =
      this.#bySeq.size + drafts >= PRIVATE_OUTBOX_MESSAGES_MAX || this.#bytes + bytes > PRIVATE_OUTBOX_BYTES_MAX;
    return isFull ? fault("limit_reached", "too much waits for them") : undefined;
  }

  /** The message itself is told, and with it where it stands. */
  toldFirst(seq: number, standing: string): void {
    const waiting = this.#bySeq.get(seq);
    if (waiting !== undefined) waiting.told = standing;
  }

  /** Whether it waits, was told, and stood elsewhere then. */
  isNews(seq: number, standingNow: () => string): boolean {
    const waiting = this.#bySeq.get(seq);
    if (waiting === undefined || waiting.told === undefined) return false;
    const standing = standingNow();
    const isNews = standing !== waiting.told;
    waiting.told = standing;
    return isNews;
  }
}
