import type { Link, LinkMessage, LinkReceiver } from "@papo/link";
import type { Fault } from "@papo/protocol";

/** Remembers everything that a link tells its receiver, and lets a test wait for it. */
export class LinkRecorder implements LinkReceiver {
  readonly messages: LinkMessage[] = [];
  readonly mistakes: Fault[] = [];
  reason: Fault | undefined;
  readonly #onMessage: ((message: LinkMessage) => void) | undefined;
  #waiting: (() => void)[] = [];

  /** `onMessage` is called after the message was noted; its payload may be kept. */
  constructor(onMessage?: (message: LinkMessage) => void) {
    this.#onMessage = onMessage;
  }

  static on(link: Link): LinkRecorder {
    const recorder = new LinkRecorder();
    link.start(recorder);
    return recorder;
  }

  /** The payloads as text. */
  get texts(): string[] {
    return this.messages.map(({ payload }) => Buffer.from(payload).toString("utf8"));
  }

  message({ kind, payload }: LinkMessage): void {
    const kept = { kind, payload: Uint8Array.from(payload) };
    this.messages.push(kept);
    this.#onMessage?.(kept);
    this.#wake();
  }

  mistake(mistake: Fault): void {
    this.mistakes.push(mistake);
    this.#wake();
  }

  closed(reason: Fault): void {
    if (this.reason !== undefined) throw new Error("closed twice");
    this.reason = reason;
    this.#wake();
  }

  /** Resolves as soon as the condition holds. A test's own time limit ends the wait for what never comes. */
  async until(condition: (recorder: this) => boolean): Promise<this> {
    while (!condition(this)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this;
  }

  async received(count: number): Promise<string[]> {
    await this.until(({ messages }) => messages.length >= count);
    return this.texts;
  }

  async ended(): Promise<Fault> {
    await this.until(({ reason }) => reason !== undefined);
    if (this.reason === undefined) throw new Error("not ended");
    return this.reason;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
