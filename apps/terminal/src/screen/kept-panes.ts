import type { Banner, Catalogue, Header, Members, StatusView, TabKey, TabRow } from "@papo/view-model";
import type { Area } from "../render/area.ts";
import type { Cells } from "../render/cells.ts";
import type { Row } from "../render/frame.ts";
import { type Fold, layoutOf } from "./layout.ts";
import { drawMembers, membersColumns } from "./members-pane.ts";
import { remembering } from "./remembering.ts";
import { ruleOf } from "./runs.ts";
import { drawStatusLine } from "./status-line.ts";
import { drawTabList, tabListColumns } from "./tab-list.ts";
import { drawBanner, drawTopicLine } from "./topic-line.ts";

/** How many times the terminal has told that its characters are as wide as others: then nothing is as it was. */
type Measuring = { readonly generation: number };
type In = Measuring & { readonly area: Area };

type Around = {
  readonly rows: number;
  readonly columns: number;
  readonly tabsFold: Fold;
  readonly membersFold: Fold;
  readonly tabsColumns: number;
  readonly membersColumns: number | null;
  readonly hasBanner: boolean;
  readonly inputRows: number;
};

type Status = In & {
  readonly status: StatusView;
  readonly active: TabRow;
  readonly isBack: boolean;
  readonly news: number;
};

export type KeptPanes = ReturnType<typeof keptPanes>;

/** What stands around a conversation, most of which stays from frame to frame: each of them is drawn when it is another. */
export function keptPanes(cells: Cells, texts: Catalogue) {
  return {
    tabsColumns: remembering(({ tabs }: Measuring & { readonly tabs: readonly TabRow[] }) =>
      tabListColumns(tabs, cells),
    ),
    membersColumns: remembering(({ members }: Measuring & { readonly members: Members }) =>
      members.rows.length === 0 ? null : membersColumns(members, cells),
    ),
    layout: remembering(({ rows, columns, tabsFold, membersFold, ...wanted }: Around) =>
      layoutOf({ rows, columns }, { folds: { tabs: tabsFold, members: membersFold }, hasTopic: true, ...wanted }),
    ),
    banner: remembering(({ banner, area }: In & { readonly banner: Banner }) => [drawBanner(banner, area, cells)]),
    topic: remembering(({ header, area }: In & { readonly header: Header }) => [drawTopicLine(header, area, cells)]),
    status: remembering(({ status, active, isBack, news, area }: Status) => [
      drawStatusLine(status, active, { isBack, news }, { area, cells, texts }),
    ]),
    tabs: remembering(({ tabs, active, area }: In & { readonly tabs: readonly TabRow[]; readonly active: TabKey }) =>
      drawTabList(tabs, active, area, cells),
    ),
    members: remembering(({ members, top, area }: In & { readonly members: Members; readonly top: number }) =>
      drawMembers(members, top, area, cells),
    ),
    tabsRule: remembering(({ area }: In) => ruleRows(area, cells)),
    membersRule: remembering(({ area }: In) => ruleRows(area, cells)),
  };
}

function ruleRows({ column, rows }: Area, cells: Cells): readonly Row[] {
  const row: Row = [{ column, columns: 1, runs: [{ text: ruleOf(cells), look: { tone: "muted" } }] }];
  return Array.from({ length: rows }, () => row);
}
