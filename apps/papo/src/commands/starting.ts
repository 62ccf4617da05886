import { StartingScreen, type Stage, type StartingOptions } from "@papo/terminal/starting";
import type { Stdio } from "../stdio.ts";

/** The first frame while all the rest is loaded. What is said meanwhile would spoil it, and is held until it can be seen. */
export class Starting {
  /** The streams as they are to be used meanwhile. */
  readonly stdio: Stdio;
  readonly #screen: StartingScreen;
  readonly #stdio: Stdio;
  #held: readonly string[] = [];

  constructor(stdio: Stdio, options: Omit<StartingOptions, "input" | "output">) {
    this.#stdio = stdio;
    this.stdio = this.#holding(stdio);
    this.#screen = new StartingScreen({ ...options, input: stdio.input, output: stdio.output });
  }

  /** For the screen that comes next. Undefined: the terminal was left meanwhile. */
  handOver(): Stage | undefined {
    return this.#screen.handOver();
  }

  sayHeld(say: (text: string) => void): void {
    const held = this.#held;
    this.#held = [];
    for (const text of held) say(text);
  }

  /** The terminal as it was, with what was said. Does nothing when another screen has it. */
  leave(): void {
    this.#screen.leave();
    this.sayHeld((text) => this.#stdio.sentence(text));
  }

  #holding(stdio: Stdio): Stdio {
    return {
      get input() {
        return stdio.input;
      },
      get output() {
        return stdio.output;
      },
      line: (text) => stdio.line(text),
      sentence: (text) => (this.#screen.isShown ? void (this.#held = [...this.#held, text]) : stdio.sentence(text)),
      errorLine: (text) => stdio.errorLine(text),
      stopReading: () => stdio.stopReading(),
    };
  }
}
