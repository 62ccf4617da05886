import type { Catalogue, ConnectionBadge, StatusView, TabRow } from "@papo/view-model";
import type { Area } from "../render/area.ts";
import type { Cells } from "../render/cells.ts";
import type { Look, Row, Run } from "../render/frame.ts";

/** What the screen itself has to say beside the model: whether newer text is below, and how much of it. */
export type Scrolled = { readonly isBack: boolean; readonly news: number };

type Segment = {
  readonly runs: readonly Run[];
  /** The highest goes first where there is no room. */
  readonly dispensable: number;
};

const BAR: Look = { bar: "status" };
/** Tabs of the hot list. */
const HOT_SHOWN_MAX = 8;

/** Pure: `[18:47] [gabi] [#TESTE 3] [2 direct] [Act: 3:nori(2)] -MORE(4)-`. */
export function drawStatusLine(
  status: StatusView,
  active: TabRow,
  scrolled: Scrolled,
  {
    area: { column, columns },
    cells,
    texts,
  }: { readonly area: Area; readonly cells: Cells; readonly texts: Catalogue },
): Row {
  const runs = joined(segmentsOf(status, active, scrolled, texts), columns, cells);
  return [{ column, columns, runs: cells.cutRuns(runs, columns), fill: BAR }];
}

function segmentsOf(status: StatusView, active: TabRow, scrolled: Scrolled, { screen }: Catalogue): readonly Segment[] {
  const { self, memberCount, links, tracker, waiting, hot } = status;
  const here = memberCount === null ? active.title : `${active.title} ${memberCount}`;
  return [
    boxed([{ text: status.time, look: BAR }], 2),
    ...(self === null ? [] : [boxed([{ text: self, look: BAR }], 3)]),
    ...(status.away === null ? [] : [boxed([{ text: screen.away, look: { ...BAR, tone: "warning" } }], 1)]),
    boxed([{ text: here, look: { ...BAR, bold: true } }], 1),
    ...badge(tracker, tracker.tone === "good" || tracker.tone === "muted" ? 6 : 0),
    ...(links === null ? [] : badge(links, 5)),
    ...(waiting === 0 ? [] : [boxed([{ text: screen.waiting(waiting), look: { ...BAR, tone: "warning" } }], 4)]),
    ...(hot.length === 0 ? [] : [boxed(hotRuns(hot, screen.hot), 0)]),
    ...(scrolled.isBack ? [{ runs: [{ text: screen.more(scrolled.news), look: MORE }], dispensable: -1 }] : []),
  ];
}

const MORE: Look = { ...BAR, tone: "key", bold: true };

function badge({ text, tone }: ConnectionBadge, dispensable: number): readonly Segment[] {
  if (text === "") return [];
  return [boxed([{ text, look: { ...BAR, ...(tone === "muted" ? {} : { tone }) } }], dispensable)];
}

function boxed(runs: readonly Run[], dispensable: number): Segment {
  return { runs: [{ text: "[", look: BAR }, ...runs, { text: "]", look: BAR }], dispensable };
}

/** `Act: 3:nori(2) 5!` */
function hotRuns(hot: readonly TabRow[], label: string): readonly Run[] {
  const entries = hot.slice(0, HOT_SHOWN_MAX).flatMap((tab): readonly Run[] => {
    const { attention, mentions, unread, number, title } = tab;
    const isLoud = attention === "mention" || attention === "private";
    const text = isLoud
      ? `${number}:${title}${mentions > 0 ? "!" : ""}${unread > 0 ? `(${unread})` : ""}`
      : String(number);
    return [
      { text: " ", look: BAR },
      { text, look: { ...BAR, ...(isLoud ? { tone: "mention", bold: true } : {}) } },
    ];
  });
  return [{ text: label, look: BAR }, ...entries];
}

function joined(segments: readonly Segment[], columns: number, cells: Cells): readonly Run[] {
  let kept = segments;
  const runsOfKept = () => kept.flatMap(({ runs }, at) => (at === 0 ? runs : [{ text: " ", look: BAR }, ...runs]));
  for (;;) {
    const runs = runsOfKept();
    const worst = kept.reduce((most, { dispensable }) => Math.max(most, dispensable), -1);
    if (cells.widthOfRuns(runs) <= columns || worst <= 0) return runs;
    kept = kept.filter(({ dispensable }) => dispensable !== worst);
  }
}
