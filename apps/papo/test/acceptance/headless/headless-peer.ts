import { fileURLToPath } from "node:url";
import { systemClock } from "@papo/link";
import type { PeerApi, PeerEvent } from "@papo/peer";
import { FaultProxy, Program, type TemporaryHome } from "@papo/testing";
import type { CallName, ProgramCall, ProgramLine } from "./program-lines.ts";

const PROGRAM = fileURLToPath(new URL("./peer-program.ts", import.meta.url));
/** How long anything may take before a test gives up: generous, because the machine is busy with other tests. */
export const PATIENCE_MS = 120_000;

export type Answer<Name extends CallName> = PeerApi[Name] extends (...args: infer _) => infer Result
  ? Awaited<Result>
  : never;
type Arguments<Name extends CallName> = PeerApi[Name] extends (...args: infer Args) => unknown ? Args : never;

export type HeadlessOptions = {
  readonly home: TemporaryHome;
  /** Name of the profile's folder in the home. */
  readonly profile: string;
  readonly tracker: string;
};

/** One run of a headless peer in a process of its own. Whoever dials it passes a fault proxy, which outlives it. */
export class HeadlessPeer {
  readonly program: Program;
  readonly profile: string;
  readonly events: PeerEvent[] = [];
  readonly #startedMs = systemClock.monotonicMs();
  readonly #pending = new Map<number, (result: unknown) => void>();
  readonly #proxies: FaultProxy[] = [];
  readonly #opening: Promise<void>[] = [];
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Set<(event: PeerEvent) => void>();
  #calls = 0;
  #lines = 0;
  #rest = "";
  #hasEnded = false;

  constructor({ home, profile, tracker }: HeadlessOptions) {
    this.profile = profile;
    this.program = new Program(process.execPath, ["--conditions=source", PROGRAM, home.at(profile), tracker], {
      name: profile,
      env: home.environment(),
    });
    this.program.out.onText((text) => this.#read(text));
    void this.program.ended.then(() => this.#ended());
  }

  get proxies(): readonly FaultProxy[] {
    return this.#proxies;
  }

  /** Lines heard so far: how far its start has come. */
  get lines(): number {
    return this.#lines;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get ageMs(): number {
    return systemClock.monotonicMs() - this.#startedMs;
  }

  listen(listener: (event: PeerEvent) => void): void {
    this.#listeners.add(listener);
  }

  /** Undefined: it died before it answered. What was asked may have been done. */
  call<Name extends CallName>(name: Name, ...args: Arguments<Name>): Promise<Answer<Name> | undefined> {
    if (this.#hasEnded) return Promise.resolve(undefined);
    this.#calls += 1;
    const id = this.#calls;
    return new Promise((resolve) => {
      this.#pending.set(id, (result) => resolve(result as Answer<Name> | undefined));
      this.#say({ id, call: name, args });
    });
  }

  /** The value of an answer, where anything else would be the test's failure. */
  async must<Name extends CallName>(name: Name, ...args: Arguments<Name>): Promise<ValueOf<Answer<Name>>> {
    const answer: unknown = await this.call(name, ...args);
    const { ok, value } = (answer ?? {}) as { readonly ok?: boolean; readonly value?: unknown };
    if (ok !== true) throw new Error(`${this.profile}: ${name}: ${JSON.stringify(answer)}\n${this.program.err.text}`);
    return value as ValueOf<Answer<Name>>;
  }

  /** Looks again after each line it writes, and when it ends. */
  until(what: string, holds: () => boolean, timeoutMs = PATIENCE_MS): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        settle();
        resolve();
      };
      const timer = systemClock.after(timeoutMs, () => {
        settle();
        reject(new Error(`${this.profile}: waited in vain for ${what}; it said last:\n${this.lastWords}`));
      });
      const settle = (): void => {
        timer.cancel();
        this.#watchers.delete(look);
      };
      this.#watchers.add(look);
      look();
    });
  }

  saw(test: (event: PeerEvent) => boolean): boolean {
    return this.events.some(test);
  }

  get lastWords(): string {
    return `${this.program.out.text.slice(-4_000)}\n${this.program.err.text}`;
  }

  /** Resolves when nothing of it runs any more. */
  async kill(): Promise<void> {
    if (!this.#hasEnded) await this.program.stop("SIGKILL");
    await this.program.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Promise.all(this.#opening);
    for (const proxy of this.#proxies) await proxy[Symbol.asyncDispose]();
  }

  #say(line: ProgramCall): void {
    this.program.type(`${JSON.stringify(line)}\n`);
  }

  #read(text: string): void {
    const lines = `${this.#rest}${text}`.split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#heard(JSON.parse(line) as ProgramLine);
    for (const look of this.#watchers) look();
  }

  #heard(line: ProgramLine): void {
    this.#lines += 1;
    if ("listening" in line) this.#opening.push(this.#listensAt(line.listening));
    if ("event" in line) {
      this.events.push(line.event);
      for (const listener of this.#listeners) listener(line.event);
    }
    if ("id" in line) {
      this.#pending.get(line.id)?.(line.result);
      this.#pending.delete(line.id);
    }
  }

  async #listensAt(port: number): Promise<void> {
    const proxy = await FaultProxy.before({ host: "127.0.0.1", port });
    this.#proxies.push(proxy);
    this.#say({ proxyPort: proxy.port });
  }

  #ended(): void {
    this.#hasEnded = true;
    for (const resolve of this.#pending.values()) resolve(undefined);
    this.#pending.clear();
    for (const look of this.#watchers) look();
  }
}

type ValueOf<Result> = Result extends { readonly ok: true; readonly value: infer Value } ? Value : never;
