/**
 * How long a rig waits for output before it says what it saw instead. It only ends what hangs, and nothing here measures speed: a machine that does much else
 * gives a program a small part of itself, so this is many times what anything takes there.
 */
export const EXPECT_TIMEOUT_MS = 100_000;

const TAIL_CHARS = 4_000;

type Waiter = { readonly look: () => boolean; readonly fail: (why: string) => void };

/** What a program has said so far, and the way to wait for it to say more. Reading is ordered: each `expect` starts where the last one ended. */
export class Transcript {
  readonly #name: string;
  readonly #waiters = new Set<Waiter>();
  #text = "";
  #cursor = 0;
  #end: string | undefined;
  #onText: (text: string) => void = () => {};

  constructor(name: string) {
    this.#name = name;
  }

  get text(): string {
    return this.#text;
  }

  /** What has not been consumed by `expect` yet. */
  get unread(): string {
    return this.#text.slice(this.#cursor);
  }

  /** Hands on what arrives from now on. */
  onText(take: (text: string) => void): void {
    this.#onText = take;
  }

  append(text: string): void {
    this.#text += text;
    this.#onText(text);
    for (const waiter of this.#waiters) waiter.look();
  }

  /** No more will come; who still waits is told why. */
  end(why: string): void {
    this.#end ??= why;
    for (const waiter of this.#waiters) if (!waiter.look()) waiter.fail(why);
  }

  /** Waits for the next match after the last one, and consumes up to its end. */
  expect(pattern: RegExp | string, timeoutMs = EXPECT_TIMEOUT_MS): Promise<RegExpExecArray> {
    return this.#wait(pattern, timeoutMs, () => {
      const match = asRegExp(pattern).exec(this.unread);
      if (match !== null) this.#cursor += match.index + match[0].length;
      return match;
    });
  }

  /** Waits for a match anywhere, and consumes nothing. */
  see(pattern: RegExp | string, timeoutMs = EXPECT_TIMEOUT_MS): Promise<RegExpExecArray> {
    return this.#wait(pattern, timeoutMs, () => asRegExp(pattern).exec(this.#text));
  }

  count(pattern: RegExp | string): number {
    return [...this.#text.matchAll(asRegExp(pattern, "g"))].length;
  }

  #wait(pattern: RegExp | string, timeoutMs: number, find: () => RegExpExecArray | null): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        this.#waiters.delete(waiter);
        clearTimeout(timer);
        finish();
      };
      const fail = (why: string): void => settle(() => reject(new Error(this.#complaint(pattern, why))));
      const look = (): boolean => {
        const match = find();
        if (match !== null) settle(() => resolve(match));
        return match !== null;
      };
      const waiter: Waiter = { look, fail };
      const timer = setTimeout(() => fail(`not within ${timeoutMs} ms`), timeoutMs);
      this.#waiters.add(waiter);
      if (!look() && this.#end !== undefined) fail(this.#end);
    });
  }

  #complaint(pattern: RegExp | string, why: string): string {
    const tail = this.#text.slice(-TAIL_CHARS);
    return `${this.#name}: expected ${String(pattern)}, ${why}. It said:\n${tail}\n--- (read up to the last ${this.unread.length} characters)`;
  }
}

function asRegExp(pattern: RegExp | string, flags = ""): RegExp {
  if (typeof pattern === "string") return new RegExp(pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"), flags);
  return flags === "" ? pattern : new RegExp(pattern, `${pattern.flags.replaceAll("g", "")}${flags}`);
}
