import type { Chat, MemberRow, TabKey, TimelineItem } from "@papo/view-model";
import { drawComposer, type DrawnComposer } from "../input/draw-composer.ts";
import type { ComposerView } from "../input/composer.ts";
import { HitMap } from "./hit-map.ts";
import type { Area } from "../render/area.ts";
import type { Cells } from "../render/cells.ts";
import type { Frame, Row } from "../render/frame.ts";
import { composed, type Piece } from "./composed.ts";
import { type Fold, inputRowsMax, type Layout, layoutOf, type ScreenSize } from "./layout.ts";
import { drawMembers, membersColumns } from "./members-pane.ts";
import type { PanelView } from "./panel-view.ts";
import { ruleOf } from "./runs.ts";
import { drawStatusLine, type Scrolled } from "./status-line.ts";
import { drawTabList, tabListColumns } from "./tab-list.ts";
import type { DrawnTimeline, TimelinePane } from "./timeline-pane.ts";
import { drawBanner, drawTopicLine } from "./topic-line.ts";

/** What the screen has beside the model. */
export type Surroundings = {
  readonly composer: ComposerView;
  /** What a key has just brought about. */
  readonly remark: string | null;
  readonly panel: PanelView | undefined;
};

/** What stands at a place of the screen, for the mouse. */
export type Hit =
  | { readonly kind: "tab"; readonly key: TabKey }
  | { readonly kind: "member"; readonly member: MemberRow }
  | { readonly kind: "author"; readonly item: TimelineItem }
  | { readonly kind: "members" | "timeline" };

export type DrawnFrame = {
  readonly frame: Frame;
  /** The newest there is of the conversation can be seen. */
  readonly isAtNewest: boolean;
  /** What is loaded does not fill the area. */
  readonly wantsOlder: boolean;
};

const NOTHING_DRAWN: DrawnTimeline = {
  ...{ rows: [], items: [], nameColumns: 0, isAtNewest: false, isBack: false, news: 0, wantsOlder: false },
};
const PROMPT = [{ text: "> ", look: { tone: "muted" } }] as const;

/** The whole screen from the model's values: where everything stands, and what was drawn there last. */
export class ChatFrame {
  readonly #chat: Chat;
  readonly #timeline: TimelinePane;
  readonly #cells: Cells;
  #folds: { readonly tabs: Fold; readonly members: Fold } = { tabs: "auto", members: "auto" };
  #membersTop = 0;
  #layout: Layout | undefined;
  #hits = new HitMap<Hit>();

  constructor(chat: Chat, timeline: TimelinePane, cells: Cells) {
    this.#chat = chat;
    this.#timeline = timeline;
    this.#cells = cells;
  }

  get isShown(): { readonly tabs: boolean; readonly members: boolean } {
    const { tabs = null, members = null } = this.#layout ?? {};
    return { tabs: tabs !== null, members: members !== null };
  }

  fold(list: "tabs" | "members", fold: Fold): void {
    this.#folds = { ...this.#folds, [list]: fold };
  }

  scrollMembers(rows: number): void {
    this.#membersTop = Math.max(0, this.#membersTop + rows);
  }

  /** What was drawn at that cell last. */
  hitAt(row: number, column: number): Hit | undefined {
    return this.#hits.at(row, column);
  }

  draw(size: ScreenSize, around: Surroundings): DrawnFrame {
    this.#hits = new HitMap();
    const input = around.panel === undefined ? this.#drawInput(size, around) : undefined;
    const whole = this.#layoutFor(size, input?.rows.length ?? 1);
    const layout = around.panel?.coversTabs === true ? { ...whole, tabs: null, rules: [] } : whole;
    this.#layout = whole;
    const timeline = this.#drawTimeline(layout.timeline);
    const edges = this.#drawEdges(layout, timeline);
    if (around.panel !== undefined) {
      const remarks = layout.status === null ? [] : this.#drawRemark(around.remark, layout.input);
      return this.#withPanel(around.panel, layout, size, [...edges, ...remarks]);
    }

    const pieces = [...edges, ...this.#drawConversation(layout, timeline)];
    if (input !== undefined) pieces.push({ area: layout.input, rows: input.rows });
    const cursor = input === undefined ? null : { ...input.cursor, row: layout.input.row + input.cursor.row };
    const { isAtNewest, wantsOlder } = timeline;
    return { frame: { rows: composed(size.rows, pieces), cursor }, isAtNewest, wantsOlder };
  }

  #drawInput(size: ScreenSize, { composer, remark }: Surroundings): DrawnComposer {
    const isTyping = composer.mode.kind === "line" && composer.candidates === null;
    const usage = isTyping ? this.#chat.usageHint(composer.text) : null;
    const hint = remark === null ? usage : [{ text: remark, tone: "notice" as const }];
    const area = { row: 0, column: 0, rows: inputRowsMax(size), columns: size.columns };
    const { texts } = this.#chat;
    const reply = this.#chat.replyingTo();
    return drawComposer(composer, area, { prompt: PROMPT, reply, hint, texts, cells: this.#cells });
  }

  /** In place of the line that is not typed while a panel is in front. */
  #drawRemark(remark: string | null, area: Area): readonly Piece[] {
    if (remark === null) return [];
    const { column, columns } = area;
    const runs = this.#cells.cutRuns([{ text: remark, look: { tone: "notice" } }], columns);
    return [{ area, rows: [[{ column, columns, runs }]] }];
  }

  #layoutFor(size: ScreenSize, inputRows: number): Layout {
    const members = this.#chat.members();
    return layoutOf(size, {
      folds: this.#folds,
      tabsColumns: tabListColumns(this.#chat.tabs(), this.#cells),
      membersColumns: members.rows.length === 0 ? null : membersColumns(members, this.#cells),
      hasTopic: true,
      hasBanner: this.#chat.banner() !== null,
      inputRows,
    });
  }

  #drawTimeline(area: Area | null): DrawnTimeline {
    if (area === null) return NOTHING_DRAWN;
    return this.#timeline.draw(this.#chat.active().key, this.#chat.timeline(), area);
  }

  /** What is seen whether or not a panel is in front: banner, tabs, status. */
  #drawEdges({ banner, tabs, rules, status }: Layout, scrolled: Scrolled): readonly Piece[] {
    const cells = this.#cells;
    const said = this.#chat.banner();
    const active = this.#chat.active();
    const pieces: Piece[] = [];
    if (banner !== null && said !== null) pieces.push({ area: banner, rows: [drawBanner(said, banner, cells)] });
    if (tabs !== null) {
      const list = drawTabList(this.#chat.tabs(), active.key, tabs, cells);
      for (const [at, key] of list.keys.entries()) {
        if (key !== null) this.#hits.add({ ...tabs, row: tabs.row + at, rows: 1 }, { kind: "tab", key });
      }
      pieces.push({ area: tabs, rows: list.rows }, ...rules.slice(0, 1).map((area) => this.#rule(area)));
    }
    if (status !== null) {
      const { texts } = this.#chat;
      pieces.push({
        area: status,
        rows: [drawStatusLine(this.#chat.status(), active, scrolled, { area: status, cells, texts })],
      });
    }
    return pieces;
  }

  #drawConversation({ topic, timeline, members, rules }: Layout, drawn: DrawnTimeline): readonly Piece[] {
    const pieces: Piece[] = [];
    if (topic !== null) pieces.push({ area: topic, rows: [drawTopicLine(this.#chat.header(), topic, this.#cells)] });
    if (timeline !== null) {
      this.#hits.add(timeline, { kind: "timeline" });
      for (const [at, item] of drawn.items.entries()) {
        const name = { row: timeline.row + at, column: timeline.column, rows: 1, columns: drawn.nameColumns };
        if (item?.kind === "message") this.#hits.add(name, { kind: "author", item });
      }
      pieces.push({ area: timeline, rows: drawn.rows });
    }
    if (members === null) return pieces;
    return [...pieces, ...rules.slice(-1).map((area) => this.#rule(area)), this.#drawMembers(members)];
  }

  #drawMembers(area: Area): Piece {
    const pane = drawMembers(this.#chat.members(), this.#membersTop, area, this.#cells);
    this.#membersTop = pane.top;
    this.#hits.add(area, { kind: "members" });
    for (const [at, member] of pane.people.entries()) {
      if (member !== null) this.#hits.add({ ...area, row: area.row + at, rows: 1 }, { kind: "member", member });
    }
    return { area, rows: pane.rows };
  }

  #rule(area: Area): Piece {
    const { column } = area;
    const row: Row = [{ column, columns: 1, runs: [{ text: ruleOf(this.#cells), look: { tone: "muted" } }] }];
    return { area, rows: Array.from({ length: area.rows }, () => row) };
  }

  /** Over all that is between the tabs and the status line; over the whole of a tiny screen. */
  #withPanel(panel: PanelView, layout: Layout, size: ScreenSize, edges: readonly Piece[]): DrawnFrame {
    const { topic, status, tabs } = layout;
    const row = topic?.row ?? 0;
    const column = tabs === null ? 0 : tabs.columns + 1;
    const bottom = status?.row ?? size.rows;
    const area = { row, column, rows: Math.max(1, bottom - row), columns: size.columns - column };
    const { rows, cursor } = panel.draw(area);
    const frame = { rows: composed(size.rows, [...edges, { area, rows }]), cursor };
    return { frame, isAtNewest: false, wantsOlder: false };
  }
}
