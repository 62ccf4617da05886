import { type InputStream, setRaw } from "../console/input-stream.ts";
import {
  ALTERNATE_SCREEN_OFF,
  ALTERNATE_SCREEN_ON,
  BRACKETED_PASTE_OFF,
  BRACKETED_PASTE_ON,
  CLEAR_SCREEN,
  CURSOR_HIDDEN,
  CURSOR_SHOWN,
  END_OF_STRING,
  FOCUS_REPORTS_OFF,
  FOCUS_REPORTS_ON,
  FRAME_END,
  MOUSE_OFF,
  MOUSE_ON,
  ORDINARY_KEYS,
  PLAIN_LOOK,
  WRAP_OFF,
  WRAP_ON,
} from "../sequences.ts";
import type { TerminalOutput } from "../terminal-output.ts";

const ENTER = [
  ALTERNATE_SCREEN_ON,
  CURSOR_HIDDEN,
  WRAP_OFF,
  BRACKETED_PASTE_ON,
  FOCUS_REPORTS_ON,
  ORDINARY_KEYS,
  PLAIN_LOOK,
].join("");

/**
 * Also ends a frame or a string in the middle of which the program may have been stopped. Erased first: not every terminal has a screen besides the ordinary one
 * (the console of Linux, tmux with `alternate-screen off`).
 */
const LEAVE = [
  END_OF_STRING,
  PLAIN_LOOK,
  CLEAR_SCREEN,
  MOUSE_OFF,
  FOCUS_REPORTS_OFF,
  BRACKETED_PASTE_OFF,
  WRAP_ON,
  CURSOR_SHOWN,
  FRAME_END,
  ALTERNATE_SCREEN_OFF,
].join("");

const DEADLY = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

export type ScreenModesOptions = {
  readonly input: InputStream;
  readonly output: TerminalOutput;
  /** Clicks and the wheel come to us, and text is selected with Shift held down. */
  readonly mouse: boolean;
  /** The terminal has been somebody else's: its screen is to be drawn whole. */
  readonly onResumed: () => void;
};

/**
 * The terminal as the full screen needs it, and as it was before: after `leave`, at any end of the process, after a signal that nobody else handles, and while the
 * program is suspended. The title stays what it is.
 */
export class ScreenModes {
  readonly #options: ScreenModesOptions;
  #mouse: boolean;
  #state: "outside" | "inside" | "suspended" = "outside";
  readonly #onExit = () => this.#giveBack((text) => this.#options.output.writeLast(text));
  readonly #onSuspend = () => this.#stop(process.pid);
  readonly #onContinue = () => this.#resume();
  readonly #onDeadly = (signal: NodeJS.Signals) => this.#die(signal);

  constructor(options: ScreenModesOptions) {
    this.#options = options;
    this.#mouse = options.mouse;
  }

  /** Whether the screen is ours at this moment: while the program is suspended, it is the shell's. */
  get isInside(): boolean {
    return this.#state === "inside";
  }

  get hasMouse(): boolean {
    return this.#mouse;
  }

  enter(): void {
    if (this.#state !== "outside") return;
    this.#options.output.waitForNobody();
    this.#take();
    process.on("exit", this.#onExit);
    // In front of all others: only as long as they are there is it known that somebody else ends the program.
    for (const signal of DEADLY) process.prependListener(signal, this.#onDeadly);
    if (!HAS_JOBS) return;
    process.on("SIGTSTP", this.#onSuspend);
    process.on("SIGCONT", this.#onContinue);
  }

  leave(): void {
    this.#giveBack((text) => this.#options.output.write(text));
    this.#state = "outside";
    process.off("exit", this.#onExit);
    for (const signal of DEADLY) process.off(signal, this.#onDeadly);
    process.off("SIGTSTP", this.#onSuspend);
    process.off("SIGCONT", this.#onContinue);
  }

  setMouse(isOn: boolean): void {
    if (this.#mouse === isOn) return;
    this.#mouse = isOn;
    if (this.#state === "inside") this.#options.output.write(isOn ? MOUSE_ON : MOUSE_OFF);
  }

  /** Back to the shell, with all that the shell started together with us (`npm start`). Does nothing where there are no jobs. */
  suspend(): void {
    if (HAS_JOBS) this.#stop(WHOLE_GROUP);
  }

  #stop(target: number): void {
    if (this.#state !== "inside") return;
    this.#giveBack((text) => this.#options.output.write(text));
    this.#state = "suspended";
    process.off("SIGTSTP", this.#onSuspend);
    process.kill(target, "SIGTSTP");
    // Here it stands still. Where nobody would wake it up, the system does not stop it either, and it goes on at once.
    setImmediate(() => this.#state === "suspended" && this.#resume());
  }

  #resume(): void {
    if (this.#state === "outside") return;
    if (this.#state === "suspended") process.on("SIGTSTP", this.#onSuspend);
    // Whoever had the terminal meanwhile may have left its modes: they are set even if we think that they are.
    setRaw(this.#options.input, false);
    this.#take();
    this.#options.onResumed();
  }

  #die(signal: NodeJS.Signals): void {
    if (process.listenerCount(signal) > 1) return;
    this.#onExit();
    this.leave();
    process.kill(process.pid, signal);
  }

  #take(): void {
    this.#state = "inside";
    setRaw(this.#options.input, true);
    this.#options.output.write(ENTER + (this.#mouse ? MOUSE_ON : ""));
  }

  #giveBack(write: (text: string) => void): void {
    if (this.#state !== "inside") return;
    this.#state = "outside";
    write(LEAVE);
    setRaw(this.#options.input, false);
  }
}

const HAS_JOBS = process.platform !== "win32";
/** As `kill(2)` has it. */
const WHOLE_GROUP = 0;
