import {
  KEYS,
  type LiveScreen,
  type RunningTracker,
  type Shown,
  startTrackerProgram,
  TemporaryHome,
  XtermScreen,
} from "@papo/testing";
import { catalogueOf, type Language } from "@papo/view-model";

export const PASSWORD = "segredo-que-ninguem-ve";

export type Size = { readonly columns: number; readonly rows: number };

/** Somebody at the full screen of a real Papo: what they type and what they see. */
export class Person<Screen extends LiveScreen = XtermScreen> {
  readonly name: string;
  readonly screen: Screen;
  readonly texts: ReturnType<typeof catalogueOf>;

  constructor(name: string, screen: Screen, language: Language) {
    this.name = name;
    this.screen = screen;
    this.texts = catalogueOf(language);
  }

  /** From the first screen to the question what to do first. */
  async registers(name = this.name, password = PASSWORD): Promise<void> {
    const { panels } = this.texts;
    await this.sees(panels.create.label);
    this.presses(panels.create.key);
    await this.sees(panels.passwordAgain);
    this.fills(name, password, password);
    await this.sees(panels.firstStepsTitle(name));
  }

  /** Fields of a form, one after the other; the last one is sent. */
  fills(...fields: readonly string[]): void {
    for (const field of fields) this.screen.type(field, KEYS.enter);
  }

  /** A line with Enter. */
  says(line: string): void {
    this.screen.type(line, KEYS.enter);
  }

  presses(...keys: readonly string[]): void {
    this.screen.type(...keys);
  }

  /** All of it at once; the rows that show it. */
  sees(...shown: readonly Shown[]): Promise<readonly string[]> {
    return this.screen.waitFor(shown);
  }

  /** Leaves the panel in front, and sees that it is gone. */
  async closes(): Promise<void> {
    const hint = `Esc ${this.texts.panels.hints.back}`;
    // All of it is drawn before it is left: what is typed next must not arrive together with Esc.
    await this.sees(hint);
    this.presses(KEYS.escape);
    await this.seesNot(hint);
  }

  async seesNot(shown: Shown): Promise<void> {
    await this.screen.waitWithout(shown);
  }

  /** Says it, and sees that it stands there. */
  async tells(text: string): Promise<void> {
    this.says(text);
    await this.sees(lineWith(text));
  }
}

/** A line of the conversation that begins with this: behind the gutter. */
export function lineWith(text: string): RegExp {
  return new RegExp(`│ ${text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`, "u");
}

/** A tracker, and the programs of those who meet there. Dispose of it and all are gone. */
export class House implements AsyncDisposable {
  readonly home = new TemporaryHome();
  readonly language: Language;
  readonly #programs = new AsyncDisposableStack();
  #tracker: RunningTracker | undefined;

  private constructor(language: Language) {
    this.language = language;
  }

  static async open(language: Language): Promise<House> {
    const house = new House(language);
    const tracker = await startTrackerProgram(["--store", "memory"], { home: house.home });
    house.#tracker = tracker;
    house.#programs.use(tracker.program);
    return house;
  }

  get address(): string {
    return this.#tracker?.address ?? "";
  }

  /** What `papo` is started with for a profile. */
  args(profile: string): readonly string[] {
    return ["--tracker", this.address, "--profile", this.home.at(profile), "--lang", this.language, "--no-lan"];
  }

  async start(name: string, { columns, rows }: Size, profile = name): Promise<Person> {
    const options = { home: this.home, name, columns, rows, env: { COLORTERM: "truecolor" } };
    const screen = this.#programs.use(await XtermScreen.start(this.args(profile), options));
    return new Person(name, screen, this.language);
  }

  use<T extends AsyncDisposable>(thing: T): T {
    return this.#programs.use(thing);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#programs.disposeAsync();
    this.home[Symbol.dispose]();
  }
}
