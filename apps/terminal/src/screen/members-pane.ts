import type { MemberRow, Members } from "@papo/view-model";
import type { Area } from "../render/area.ts";
import type { Cells } from "../render/cells.ts";
import type { Look, Part, Row, Run } from "../render/frame.ts";
import { runOf } from "./runs.ts";

export type MembersPane = {
  /** From the top of the area. */
  readonly rows: readonly Row[];
  /** Who stands in each of them. */
  readonly people: readonly (MemberRow | null)[];
  /** As far down as there was something to be shown. */
  readonly top: number;
};

/** More people than this are not measured: the list is as wide as it gets. */
const MEASURED_MAX = 200;

/** Cells of the widest row; a path stands beside the name where there is room. */
export function membersColumns({ title, rows }: Members, cells: Cells): number {
  return rows
    .slice(0, MEASURED_MAX)
    .reduce((widest, { name }) => Math.max(widest, 2 + cells.width(name.text)), cells.width(title));
}

/** Pure: people from `top` on, below the title. */
export function drawMembers({ title, rows }: Members, top: number, area: Area, cells: Cells): MembersPane {
  const { column, columns } = area;
  const room = Math.max(0, area.rows - 1);
  const first = Math.max(0, Math.min(top, rows.length - room));
  const people = rows.slice(first, first + room);
  const heading: Row = [{ column, columns, runs: [{ text: cells.cut(title, columns), look: { tone: "muted" } }] }];
  const shown = people.map((member): Row => [memberPart(member, area, cells)]);
  return { rows: [heading, ...shown], people: [null, ...people], top: first };
}

function memberPart(member: MemberRow, { column, columns }: Area, cells: Cells): Part {
  const name = cells.cut(member.name.text, columns - 1);
  const mark = trustMark(member);
  const path = member.path === "" ? mark : `${mark}${mark === "" ? "" : " "}${member.path}`;
  const left = columns - 1 - cells.width(name);
  const runs: Run[] = [
    { text: member.prefix === "" ? " " : member.prefix, look: { tone: "notice" } },
    runOf({ ...member.name, text: name }, nameLook(member)),
    ...besides(cells, path, mark, left),
  ];
  return { column, columns, runs: cells.cutRuns(runs, columns) };
}

/** The whole remark, or the mark alone, as there is room at the right. */
function besides(cells: Cells, whole: string, short: string, left: number): readonly Run[] {
  const text = [whole, short].find((candidate) => candidate !== "" && cells.width(candidate) + 1 <= left);
  if (text === undefined) return [];
  return [{ text: " ".repeat(left - cells.width(text)) }, { text, look: { tone: "muted" } }];
}

function nameLook({ presence, isSelf, isIgnored, trust }: MemberRow): Look {
  if (trust === "changed" || trust === "blocked") return { tone: "bad" };
  if (isIgnored || presence === "offline" || presence === "away") return { tone: "muted" };
  return isSelf ? { bold: true } : {};
}

function trustMark({ trust, isSelf, presence }: MemberRow): string {
  if (trust === "changed" || trust === "blocked") return "!";
  const away = presence === "away" ? "z" : "";
  return trust === "verified" && !isSelf ? `${away}✓` : away;
}
