import assert from "node:assert/strict";
import {
  eventually,
  type LabHost,
  type Program,
  type RunningTracker,
  startPapo,
  startTrackerProgram,
  TemporaryHome,
} from "@papo/testing";
import { catalogueOf } from "@papo/view-model";

const { classic } = catalogueOf("en");
export const { feed, reach } = catalogueOf("en");
const PASSWORD = "correct horse battery";
export const ROOM = "TESTE";
const TRACKER_PORT = 6060;
const LOOK_FOR_MS = 90_000;

export type Path = keyof typeof reach.paths;

/** People at machines of a laboratory, with a tracker at another one: real `papo --classic` processes with pipes. */
export class Village implements AsyncDisposable {
  readonly home = new TemporaryHome();
  readonly #programs = new AsyncDisposableStack();
  #tracker: RunningTracker | undefined;

  /** Also after a restart of it: its key and its accounts are kept. */
  async trackerStarts(host: LabHost, args: readonly string[] = []): Promise<RunningTracker> {
    const options = [
      "--host",
      host.address,
      "--port",
      String(TRACKER_PORT),
      "--data",
      this.home.at("tracker"),
      ...args,
    ];
    this.#tracker = await startTrackerProgram(options, { home: this.home, wrap: host.wrap, name: "tracker" });
    this.#programs.use(this.#tracker.program);
    return this.#tracker;
  }

  /** A new account. */
  async arrives(name: string, host: LabHost, args: readonly string[] = []): Promise<Villager> {
    const villager = this.opens(name, host, args);
    villager.types("2", name, PASSWORD);
    await villager.shows(classic.registered);
    return villager;
  }

  /** With the key that the profile has. */
  async returns(name: string, host: LabHost, args: readonly string[] = []): Promise<Villager> {
    const villager = this.opens(name, host, args);
    villager.types("");
    await villager.shows(classic.resumed(name));
    return villager;
  }

  /** A program of the tests at a machine, with the tracker's address. */
  runs(script: string, host: LabHost, args: (tracker: string) => readonly string[]): Program {
    assert.ok(this.#tracker !== undefined, "the tracker starts first");
    const words = ["--conditions=source", script, ...args(this.#tracker.address)];
    return this.#programs.use(host.node(words, { env: this.home.environment(), name: host.name }));
  }

  /** The program alone; who sits there does the rest. */
  opens(name: string, host: LabHost, args: readonly string[] = []): Villager {
    assert.ok(this.#tracker !== undefined, "the tracker starts first");
    const where = ["--tracker", this.#tracker.address, "--profile", this.home.at(name), "--lang", "en"];
    const options = { home: this.home, wrap: host.wrap, name };
    return new Villager(name, this.#programs.use(startPapo(["--classic", ...where, ...args], options)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#programs.disposeAsync();
    this.home[Symbol.dispose]();
  }
}

/** One person, by what is typed and what is shown. */
export class Villager {
  readonly name: string;
  readonly program: Program;

  constructor(name: string, program: Program) {
    this.name = name;
    this.program = program;
  }

  types(...lines: readonly string[]): void {
    this.program.type(lines.map((line) => `${line}\n`).join(""));
  }

  /** The next time that it shows this. */
  async shows(text: string | RegExp): Promise<void> {
    await this.program.out.expect(text);
  }

  async creates(): Promise<void> {
    this.types("3", ROOM);
    await this.shows(classic.roomHeader(ROOM));
  }

  async enters(): Promise<void> {
    this.types("4", ROOM);
    await this.shows(classic.roomHeader(ROOM));
  }

  /** Says it, and all of them have it. */
  async tells(text: string, others: readonly Villager[]): Promise<void> {
    this.types(text);
    await Promise.all([this, ...others].map((one) => one.sees(this.name, text)));
  }

  /** Anywhere on the screen, before or after. */
  async sees(author: string, text: string): Promise<void> {
    await this.program.out.see(said(author, text), LOOK_FOR_MS);
  }

  countOf(author: string, text: string): number {
    return this.program.out.count(said(author, text));
  }

  /** Asks again and again how somebody in the room is reached, until it is so. */
  async reaches(other: string, wanted: readonly Path[]): Promise<Path> {
    try {
      return await eventually(`${this.name} reaches ${other} ${wanted.join(" or ")}`, async () => {
        const path = await this.pathTo(other);
        return path !== undefined && wanted.includes(path) ? path : undefined;
      });
    } catch (error) {
      throw new Error(await this.#explanation(other), { cause: error });
    }
  }

  /** As `/users` says it; undefined while there is no link. */
  async pathTo(other: string): Promise<Path | undefined> {
    this.types("/users");
    const [line] = await this.program.out.expect(new RegExp(`- ${other} \\(.*\\)`, "u"));
    const paths = Object.entries(reach.paths) as [Path, string][];
    return paths.find(([, word]) => line.includes(`${feed.reachEncrypted}, ${word}`))?.[0];
  }

  /** Asks `/why` again and again until it says that. */
  async explains(other: string, wanted: RegExp): Promise<void> {
    await eventually(`/why ${other} says ${String(wanted)}`, async () => {
      const before = this.program.out.text.length;
      await this.#why(other);
      return wanted.test(this.program.out.text.slice(before)) || undefined;
    });
  }

  async leaves(): Promise<void> {
    this.program.endInput();
    assert.equal((await this.program.endWithin()).code, 0);
  }

  async #explanation(other: string): Promise<string> {
    await this.#why(other);
    return `What ${this.name} is shown:\n${this.program.out.text.slice(-2_000)}`;
  }

  /** `/users` after it says where its answer ends. */
  async #why(other: string): Promise<void> {
    this.types(`/why ${other}`, "/users");
    await this.program.out.expect(new RegExp(`- ${other} \\(.*\\)`, "u"));
  }
}

/** With whatever mark stands behind it. */
function said(author: string, text: string): RegExp {
  return new RegExp(`<${author}> ${RegExp.escape(text)}(?: \\([^)\\n]*\\))?\\n`, "u");
}

/** What two say in turn, and that each has each of it exactly once. */
export class Talk {
  readonly #people: readonly Villager[];
  readonly #texts: { readonly author: string; readonly text: string }[] = [];

  constructor(people: readonly Villager[]) {
    this.#people = people;
  }

  /** Everybody says something, with that behind it. It need not have arrived anywhere. */
  turn(more = ""): void {
    for (const person of this.#people) this.says(person, more);
  }

  /** Everybody says something and has it on their own screen, whoever else gets it. */
  async heldTurn(): Promise<void> {
    this.turn();
    for (const { author, text } of this.#texts.slice(-this.#people.length))
      for (const person of this.#people) if (person.name === author) await person.sees(author, text);
  }

  says(person: Villager, more = ""): void {
    const text = `${person.name} says ${this.#texts.length} ${more}`.trim();
    this.#texts.push({ author: person.name, text });
    person.types(text);
  }

  /** Waits until everybody has everything. */
  async arrived(): Promise<void> {
    await Promise.all(
      this.#people.flatMap((person) => this.#texts.map(({ author, text }) => person.sees(author, text))),
    );
  }

  assertOnce(): void {
    for (const person of this.#people)
      for (const { author, text } of this.#texts)
        assert.equal(person.countOf(author, text), 1, `${person.name}: ${text}`);
  }
}
