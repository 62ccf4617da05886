import type { Chat, MemberRow, TabKey, TimelineItem } from "@papo/view-model";
import { drawComposer, type DrawnComposer } from "../input/draw-composer.ts";
import type { ComposerView } from "../input/composer.ts";
import type { Area } from "../render/area.ts";
import type { Cells } from "../render/cells.ts";
import type { Frame } from "../render/frame.ts";
import { composed, type Piece } from "./composed.ts";
import { type KeptPanes, keptPanes } from "./kept-panes.ts";
import { type Fold, inputRowsMax, type Layout, type ScreenSize } from "./layout.ts";
import type { MembersPane } from "./members-pane.ts";
import type { PanelView } from "./panel-view.ts";
import type { Scrolled } from "./status-line.ts";
import type { TabList } from "./tab-list.ts";
import type { DrawnTimeline, TimelinePane } from "./timeline-pane.ts";

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
  /** What stands where since the last frame. */
  #seen: Seen = NOTHING_SEEN;
  readonly #kept: KeptPanes;

  constructor(chat: Chat, timeline: TimelinePane, cells: Cells) {
    this.#chat = chat;
    this.#timeline = timeline;
    this.#cells = cells;
    this.#kept = keptPanes(cells, chat.texts);
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
    const { tabs, timeline, members } = this.#seen;
    if (tabs !== undefined && isWithin(tabs.area, row, column)) {
      const key = tabs.list.keys[row - tabs.area.row] ?? null;
      return key === null ? undefined : { kind: "tab", key };
    }
    if (members !== undefined && isWithin(members.area, row, column)) {
      const member = members.pane.people[row - members.area.row] ?? null;
      return member === null ? { kind: "members" } : { kind: "member", member };
    }
    if (timeline === undefined || !isWithin(timeline.area, row, column)) return undefined;
    const item = timeline.drawn.items[row - timeline.area.row];
    const isName = column < timeline.area.column + timeline.drawn.nameColumns;
    return isName && item?.kind === "message" ? { kind: "author", item } : { kind: "timeline" };
  }

  draw(size: ScreenSize, around: Surroundings): DrawnFrame {
    this.#seen = NOTHING_SEEN;
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
    const { generation } = this.#cells;
    return this.#kept.layout({
      ...{ rows: size.rows, columns: size.columns, tabsFold: this.#folds.tabs, membersFold: this.#folds.members },
      tabsColumns: this.#kept.tabsColumns({ tabs: this.#chat.tabs(), generation }),
      membersColumns: this.#kept.membersColumns({ members: this.#chat.members(), generation }),
      ...{ hasBanner: this.#chat.banner() !== null, inputRows },
    });
  }

  #drawTimeline(area: Area | null): DrawnTimeline {
    if (area === null) return NOTHING_DRAWN;
    return this.#timeline.draw(this.#chat.active().key, this.#chat.timeline(), area);
  }

  /** What is seen whether or not a panel is in front: banner, tabs, status. */
  #drawEdges({ banner, tabs, rules, status }: Layout, { isBack, news }: Scrolled): readonly Piece[] {
    const { generation } = this.#cells;
    const said = this.#chat.banner();
    const active = this.#chat.active();
    const pieces: Piece[] = [];
    if (banner !== null && said !== null)
      pieces.push({ area: banner, rows: this.#kept.banner({ banner: said, area: banner, generation }) });
    if (tabs !== null) {
      const list = this.#kept.tabs({ tabs: this.#chat.tabs(), active: active.key, area: tabs, generation });
      this.#seen = { ...this.#seen, tabs: { area: tabs, list } };
      pieces.push({ area: tabs, rows: list.rows });
      const [rule] = rules;
      if (rule !== undefined) pieces.push({ area: rule, rows: this.#kept.tabsRule({ area: rule, generation }) });
    }
    if (status !== null) {
      const rows = this.#kept.status({ status: this.#chat.status(), active, isBack, news, area: status, generation });
      pieces.push({ area: status, rows });
    }
    return pieces;
  }

  #drawConversation({ topic, timeline, members, rules }: Layout, drawn: DrawnTimeline): readonly Piece[] {
    const { generation } = this.#cells;
    const pieces: Piece[] = [];
    if (topic !== null)
      pieces.push({ area: topic, rows: this.#kept.topic({ header: this.#chat.header(), area: topic, generation }) });
    if (timeline !== null) {
      this.#seen = { ...this.#seen, timeline: { area: timeline, drawn } };
      pieces.push({ area: timeline, rows: drawn.rows });
    }
    if (members === null) return pieces;
    const rule = rules.at(-1);
    if (rule !== undefined) pieces.push({ area: rule, rows: this.#kept.membersRule({ area: rule, generation }) });
    return [...pieces, this.#drawMembers(members)];
  }

  #drawMembers(area: Area): Piece {
    const pane = this.#kept.members({
      ...{ members: this.#chat.members(), top: this.#membersTop, area, generation: this.#cells.generation },
    });
    this.#membersTop = pane.top;
    this.#seen = { ...this.#seen, members: { area, pane } };
    return { area, rows: pane.rows };
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

type Seen = {
  readonly tabs?: { readonly area: Area; readonly list: TabList };
  readonly timeline?: { readonly area: Area; readonly drawn: DrawnTimeline };
  readonly members?: { readonly area: Area; readonly pane: MembersPane };
};

const NOTHING_SEEN: Seen = {};

function isWithin(area: Area, row: number, column: number): boolean {
  const isInRow = row >= area.row && row < area.row + area.rows;
  return isInRow && column >= area.column && column < area.column + area.columns;
}
