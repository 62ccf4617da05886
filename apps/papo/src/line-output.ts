import type { Writable } from "node:stream";
import type { Clock } from "@papo/link";

/** Why nothing more can be printed: nobody reads any more; more waits for a slow reader than may; the system takes no more (a full disk). */
export type OutputEnd =
  | { readonly kind: "gone" }
  | { readonly kind: "slow" }
  | { readonly kind: "failed"; readonly error: Error };

/** Lines for a reader who may be slower than they come, or stop reading. It holds up nobody, and no line before the end is left out. */
export class LineOutput {
  readonly #stream: Writable;
  readonly #unreadCharsMax: number;
  readonly #end = Promise.withResolvers<OutputEnd>();
  #hasEnded = false;

  constructor(stream: Writable, unreadCharsMax: number) {
    this.#stream = stream;
    this.#unreadCharsMax = unreadCharsMax;
    // A terminal that was told to stop (Ctrl-S) would stop the whole process: Node waits for terminals, measured.
    if (process.platform !== "win32") handleOf(stream)?.setBlocking?.(false);
    stream.on("error", (error: NodeJS.ErrnoException) => {
      const isGone = error.code === "EPIPE" || error.code === "EIO";
      this.#over(isGone ? { kind: "gone" } : { kind: "failed", error });
    });
    stream.on("close", () => this.#over({ kind: "gone" }));
  }

  /** What was written before `slow` is still there to be read. */
  get end(): Promise<OutputEnd> {
    return this.#end.promise;
  }

  line(text: string): void {
    if (this.#hasEnded) return;
    this.#stream.write(`${text}\n`);
    if (this.#stream.writableLength > this.#unreadCharsMax) this.#over({ kind: "slow" });
  }

  /** Within `delayMs` somebody may still read what was printed; what is left then is given up, and does not keep the process alive. */
  giveUpAfter(delayMs: number, clock: Pick<Clock, "after">): void {
    clock.after(delayMs, () => handleOf(this.#stream)?.close?.());
  }

  #over(end: OutputEnd): void {
    this.#hasEnded = true;
    this.#end.resolve(end);
  }
}

type Handle = { readonly setBlocking?: (isBlocking: boolean) => void; readonly close?: () => void };

/** Node has no public name for it, and never closes a standard stream. */
function handleOf(stream: object): Handle | undefined {
  return (stream as { readonly _handle?: Handle | null })._handle ?? undefined;
}
