import type { ChatClock, ChatPeer } from "@papo/view-model";
import type { Keymap } from "../input/keymap.ts";
import type { Stroke } from "../input/stroke.ts";
import type { Hit } from "./chat-frame.ts";
import type { DraftLine } from "./draft-line.ts";
import { InterruptedTyping } from "./interrupted-typing.ts";
import type { PanelViews } from "./panel-views.ts";
import { act, type ActionScreen, FEW_ROWS, scrollTimeline } from "./screen-actions.ts";
import { TypedAhead } from "./typed-ahead.ts";

export type ControlsPorts = {
  readonly screen: ActionScreen;
  readonly line: DraftLine;
  readonly panels: PanelViews;
  readonly keymap: Keymap;
  readonly clock: Pick<ChatClock, "wallMs">;
  readonly peer: Pick<ChatPeer, "self">;
  /** What was drawn at that cell last. */
  readonly hitAt: (row: number, column: number) => Hit | undefined;
  /** What a key has just brought about; null: nothing to be told any more. */
  readonly remark: (text: string | null) => void;
  readonly leave: () => void;
};

/** Ctrl-C again within this time leaves. */
const LEAVE_WITHIN_MS = 2_000;
/** What works while a panel is in front as well. */
const EVERYWHERE: ReadonlySet<string> = new Set(["redraw", "suspend", "toggle-mouse", "toggle-tabs"]);

/** Who gets what is typed and clicked: the panel in front, the line, or the screen. */
export class Controls {
  readonly #ports: ControlsPorts;
  readonly #ahead = new TypedAhead();
  readonly #typing: InterruptedTyping;
  #interruptedAtMs: number | undefined;

  constructor(ports: ControlsPorts) {
    this.#ports = ports;
    this.#typing = new InterruptedTyping(ports.clock);
  }

  take(stroke: Stroke): void {
    const { line } = this.#ports;
    line.follow();
    this.#stroke(stroke);
    line.tell();
  }

  /** What was typed before anybody was here. */
  retype(): void {
    const { screen, peer, line } = this.#ports;
    const front = screen.chat.panel();
    if (peer.self === undefined && front === undefined) return;
    for (const stroke of this.#ahead.release(front)) {
      line.follow();
      this.#key(stroke, false);
      line.tell();
    }
  }

  #stroke(stroke: Stroke): void {
    const { screen, peer, panels, remark } = this.#ports;
    remark(null);
    if (!this.#asksToLeave(stroke)) this.#interruptedAtMs = undefined;
    if (peer.self === undefined && this.#ahead.keep(stroke, screen.chat.panel())) return;
    if (this.#typing.isPartOf(stroke, screen.chat.panel())) return;
    const panel = panels.front;
    if (panel?.take(stroke) === true) return;
    if (stroke.kind === "mouse") return panel === undefined ? this.#mouse(stroke) : undefined;
    this.#key(stroke, panel !== undefined);
  }

  #key(stroke: Exclude<Stroke, { kind: "mouse" }>, isBehindPanel: boolean): void {
    const { screen, line, keymap } = this.#ports;
    const does = stroke.kind === "chord" ? keymap.get(stroke.chord) : undefined;
    if (!isBehindPanel && line.composer.take(stroke, does)) return;
    if (does === undefined) return;
    if (does.startsWith("/")) {
      if (!isBehindPanel) void screen.chat.run(does);
    } else if (does === "interrupt" || does === "end-of-input") this.#interrupt();
    else if (does === "cancel") this.#cancel();
    else if (!isBehindPanel || EVERYWHERE.has(does)) act(does as Parameters<typeof act>[0], screen);
  }

  #asksToLeave(stroke: Stroke): boolean {
    const does = stroke.kind === "chord" ? this.#ports.keymap.get(stroke.chord) : undefined;
    return does === "interrupt" || does === "end-of-input";
  }

  /** Never leaves at once, nor in silence: twice in a row, with nothing done between, means it. */
  #interrupt(): void {
    const { screen, clock, remark, leave } = this.#ports;
    const now = clock.wallMs();
    const before = this.#interruptedAtMs;
    if (before !== undefined && now >= before && now - before <= LEAVE_WITHIN_MS) return leave();
    this.#interruptedAtMs = now;
    remark(screen.chat.texts.screen.leaveHint);
  }

  #cancel(): void {
    const { screen } = this.#ports;
    if (screen.chat.replyingTo() !== null) screen.chat.cancelReply();
    else if (!screen.chat.timeline().isAtNewest) act("scroll-to-end", screen);
  }

  #mouse({ button, row, column }: Stroke & { readonly kind: "mouse" }): void {
    const { screen, line, hitAt } = this.#ports;
    const hit = hitAt(row, column);
    if (button === "wheel-up" || button === "wheel-down") return this.#wheel(button === "wheel-up" ? 1 : -1, hit);
    if (button !== "left") return;
    if (hit?.kind === "tab") screen.chat.activate(hit.key);
    else if (hit?.kind === "member") void screen.chat.run(`/whois ${hit.member.username}`);
    else if (hit?.kind === "author" && hit.item.kind === "message") line.address(hit.item.author.text);
  }

  #wheel(up: 1 | -1, hit: Hit | undefined): void {
    const { screen } = this.#ports;
    const rows = up * FEW_ROWS;
    if (hit?.kind === "tab") screen.chat.activateBeside(up === 1 ? -1 : 1);
    else if (hit?.kind === "member" || hit?.kind === "members") screen.scrollMembers(-rows);
    else scrollTimeline(screen, rows);
  }
}
