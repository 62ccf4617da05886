import type { Banner, Header } from "@papo/view-model";
import type { Area } from "../render/area.ts";
import type { Cells } from "../render/cells.ts";
import type { Look, Row, Run } from "../render/frame.ts";
import { runsOf } from "./runs.ts";

const BAR: Look = { bar: "status" };

/** Pure: what the conversation is called, what it is about, and what is to be known about it. */
export function drawTopicLine({ title, topic, remarks }: Header, { column, columns }: Area, cells: Cells): Row {
  const runs: Run[] = [
    { text: title, look: { ...BAR, bold: true } },
    ...remarks.flatMap((remark) => [{ text: "  ", look: BAR }, ...runsOf([remark], BAR)]),
    ...(topic === "" ? [] : [{ text: `  ${topic}`, look: BAR }]),
  ];
  return [{ column, columns, runs: cells.cutRuns(runs, columns), fill: BAR }];
}

/** Pure: a line across the screen, as loud as it is. */
export function drawBanner({ tone, spans }: Banner, { column, columns }: Area, cells: Cells): Row {
  const look: Look = { bar: tone };
  const runs = spans.map(({ text, link }) => ({ text, look, ...(link === undefined ? {} : { link }) }));
  return [{ column, columns, runs: cells.cutRuns(runs, columns), fill: look }];
}
