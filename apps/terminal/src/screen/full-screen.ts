import { type Chat, type ChatClock, type ChatPeer, type Language, openChat } from "@papo/view-model";
import { saveLines } from "../classic/save-lines.ts";
import type { ConsoleStreams } from "../console/open-console.ts";
import { helpKeys, type Keymap } from "../input/keymap.ts";
import type { Stroke } from "../input/stroke.ts";
import { Alerts, type AlertSettings } from "../render/alerts.ts";
import { Cells } from "../render/cells.ts";
import { colourDepthOf, hasLinks } from "../render/colour-depth.ts";
import { Renderer } from "../render/renderer.ts";
import type { ScreenModes } from "../render/screen-modes.ts";
import { Theme } from "../render/theme.ts";
import { WidthProbe } from "../render/width-probe.ts";
import type { TerminalOutput } from "../terminal-output.ts";
import { ChatFrame } from "./chat-frame.ts";
import { completePath } from "./complete-path.ts";
import { Controls } from "./controls.ts";
import { DraftLine } from "./draft-line.ts";
import { readStrokes } from "./keyboard.ts";
import type { Fold } from "./layout.ts";
import { Pacer } from "./pacer.ts";
import { PanelViews } from "./panel-views.ts";
import type { ActionScreen } from "./screen-actions.ts";
import { Stage } from "./stage.ts";
import { TimelinePane } from "./timeline-pane.ts";

export type FullScreenOptions = ConsoleStreams & {
  readonly peer: ChatPeer;
  readonly language: Language;
  readonly clock: ChatClock;
  readonly keymap: Keymap;
  readonly alerts: AlertSettings;
  /** Whether clicks and the wheel come to us from the start. */
  readonly mouse: boolean;
  /** Offers to create rooms without encryption, which original programs can join. */
  readonly allowPlaintext?: boolean;
  /** Ends the screen; abort it on SIGINT, SIGTERM and SIGHUP. */
  readonly signal?: AbortSignal;
  /** The terminal in our modes already, from a starting screen. */
  readonly stage?: Stage | undefined;
  /** As `ClassicOptions.notices`. */
  readonly notices?: (say: (text: string) => void) => () => void;
};

const MINUTE_MS = 60_000;

/**
 * The screen of several conversations on a terminal. Resolves to the exit code when the user leaves, or when nobody is at the terminal any more; it is then as it
 * was. Whoever opened the peer closes it.
 */
export async function runFullScreen(options: FullScreenOptions): Promise<number> {
  const screen = new FullScreen(options);
  const stopNotices = options.notices?.((text) => screen.say(text));
  try {
    await screen.ended;
    return 0;
  } finally {
    stopNotices?.();
    screen.close();
  }
}

class FullScreen implements ActionScreen {
  readonly chat: Chat;
  readonly timeline: TimelinePane;
  readonly #options: FullScreenOptions;
  readonly #stage: Stage;
  readonly #output: TerminalOutput;
  readonly #modes: ScreenModes;
  readonly #cells = new Cells();
  readonly #renderer: Renderer;
  readonly #probe: WidthProbe;
  readonly #alerts: Alerts;
  readonly #line: DraftLine;
  readonly #frame: ChatFrame;
  readonly #pacer: Pacer;
  readonly #panels: PanelViews;
  readonly #controls: Controls;
  readonly #ended = Promise.withResolvers<void>();
  readonly #release: readonly (() => void)[];
  #minute: { cancel(): void } | undefined;
  #remark: string | null = null;
  /** A terminal that does not tell counts as looked at. */
  #hasFocus = true;
  #isOpen = true;

  constructor(options: FullScreenOptions) {
    this.#options = options;
    const { env, clock, peer, language, allowPlaintext = false } = options;
    this.#stage = options.stage ?? new Stage(options);
    this.#output = this.#stage.output;
    this.#modes = this.#stage.modes;
    this.#stage.onResumed(() => this.redraw());
    this.#alerts = new Alerts(this.#output, clock, options.alerts);
    this.chat = openChat({
      ...{ peer, clock, language, allowPlaintext, saveFile: saveLines, completePath },
      alert: ({ title, text }) => this.#modes.isInside && this.#alerts.tell(title, text),
      quit: () => this.#ended.resolve(),
    });
    this.timeline = new TimelinePane(this.#cells);
    this.#frame = new ChatFrame(this.chat, this.timeline, this.#cells);
    this.#line = new DraftLine(this.chat, {
      sent: () => this.timeline.toEnd(this.chat.active().key),
      changed: () => this.#pacer.soon(),
    });
    this.#pacer = new Pacer(clock, () => this.#draw());
    this.#panels = new PanelViews(this.chat, {
      ...{ cells: this.#cells, keymap: options.keymap },
      redraw: () => this.#pacer.soon(),
    });
    this.#controls = this.#createControls();
    const paint = { cells: this.#cells, theme: new Theme(colourDepthOf(env)), links: hasLinks(env) };
    this.#renderer = new Renderer(this.#output, paint);
    this.#probe = new WidthProbe(this.#cells, () => this.#learned());
    this.#release = this.#listen();
    this.#open();
  }

  #createControls(): Controls {
    const { keymap, clock, peer } = this.#options;
    return new Controls({
      ...{ screen: this, line: this.#line, panels: this.#panels, keymap, clock, peer },
      hitAt: (row, column) => this.#frame.hitAt(row, column),
      remark: (text) => {
        this.#remark = text;
      },
      leave: () => this.#ended.resolve(),
    });
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  get isShown(): ActionScreen["isShown"] {
    return this.#frame.isShown;
  }

  say(text: string): void {
    this.chat.say(text);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const release of this.#release) release();
    this.chat.close();
    this.#probe.close();
    this.#pacer.stop();
    this.#minute?.cancel();
    this.#renderer.close();
    this.#stage.close();
  }

  // ---- what keys do

  fold(list: "tabs" | "members", fold: Fold): void {
    this.#frame.fold(list, fold);
  }

  scrollMembers(rows: number): void {
    this.#frame.scrollMembers(rows);
  }

  toggleMouse(): void {
    const isOn = !this.#modes.hasMouse;
    this.#modes.setMouse(isOn);
    const { screen } = this.chat.texts;
    this.#remark = isOn ? screen.mouseOn : screen.mouseOff;
  }

  redraw(): void {
    this.#renderer.invalidate();
    this.#pacer.now();
  }

  suspend(): void {
    this.#modes.suspend();
  }

  openHelp(): void {
    this.chat.openHelp(helpKeys(this.#options.keymap, this.chat.texts));
  }

  // ---- opening

  #listen(): readonly (() => void)[] {
    const { input, clock, signal } = this.#options;
    const end = () => this.#ended.resolve();
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted === true) end();
    void this.#output.gone.then(end);
    return [
      () => signal?.removeEventListener("abort", end),
      this.chat.onChange(() => this.#pacer.soon()),
      this.#output.onResize(() => this.#pacer.soon()),
      readStrokes(input, {
        clock,
        taken: (strokes) => this.#take(strokes),
        ended: end,
        awaitsCursor: () => this.#probe.isAwaiting,
      }),
    ];
  }

  #open(): void {
    this.#modes.enter();
    this.#probe.ask(this.#output, this.#options.clock);
    this.#pacer.now();
    this.#tick();
  }

  /** The clock of the status line. */
  #tick(): void {
    const { clock } = this.#options;
    this.#minute = clock.after(MINUTE_MS - (clock.wallMs() % MINUTE_MS), () => {
      this.#pacer.soon();
      this.#tick();
    });
  }

  #learned(): void {
    this.timeline.measureWith(this.#cells);
    this.redraw();
  }

  // ---- what is typed and clicked

  /** One frame for all that came together. */
  #take(strokes: readonly Stroke[]): void {
    for (const stroke of strokes) {
      if (!this.#isOpen) return;
      if (this.#probe.take(stroke)) continue;
      if (stroke.kind === "focus") this.#hasFocus = stroke.isFocused;
      else this.#controls.take(stroke);
    }
    if (strokes.length > 0) this.#pacer.now();
  }

  // ---- drawing

  #draw(): void {
    // What is due while we are stopped fires first thing when we go on.
    if (!this.#isOpen || !this.#modes.isInside) return;
    this.#controls.retype();
    this.#line.follow();
    this.timeline.keepOnly(this.chat.tabs().map(({ key }) => key));
    const size = { rows: this.#output.rows, columns: this.#output.columns };
    const around = { composer: this.#line.composer.view, remark: this.#remark, panel: this.#panels.front };
    const drawn = this.#frame.draw(size, around);
    this.#renderer.draw(drawn.frame);
    this.chat.isReadBack(this.timeline.isBack(this.chat.active().key));
    if (drawn.isAtNewest && this.#hasFocus) this.chat.isLookedAt();
    if (drawn.wantsOlder && this.chat.loadOlder()) this.#pacer.soon();
  }
}
