import { resolve } from "node:path";
import { safeText } from "@papo/protocol";
import { type ExportReport, exportReport } from "@papo/tracker";
import type { PapoTexts } from "@papo/view-model/command-texts";
import { EXIT } from "../exit-codes.ts";
import { CommandError, type CommandProgram } from "./command.ts";
import { nameList } from "./name-list.ts";
import { withStore } from "./with-store.ts";

/** `papo tracker export FOLDER`: the files of an original tracker, and what they cannot say. */
export const trackerExport: CommandProgram = async (invocation) => {
  const { values, texts, stdio } = invocation;
  const to = resolve(invocation.words[0] ?? ".");
  const report = await withStore(invocation, (from) => exportReport({ from, to }));
  if (values.json === true) stdio.line(JSON.stringify(report));
  if (!report.ok) {
    throw new CommandError(texts.transfer.exportProblems[report.problem](safeText(to), report.file), EXIT.failed);
  }
  if (values.json !== true) for (const line of linesOf(report, texts)) stdio.line(line);
  return EXIT.ok;
};

function linesOf(report: Extract<ExportReport, { ok: true }>, texts: PapoTexts): readonly string[] {
  const { transfer } = texts;
  const about = (says: (names: string) => string, names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [says(nameList(names, texts))];
  return [
    transfer.exported(report.users, report.rooms),
    ...about(transfer.lockedOut, report.lockedOut),
    ...about(transfer.withoutTheirKey, report.withoutTheirKey),
    ...about(transfer.hiddenRooms, report.hiddenRooms),
    ...about(transfer.shortenedRooms, report.shortenedRooms),
  ];
}
