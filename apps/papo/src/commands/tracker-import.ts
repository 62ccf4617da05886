import { resolve } from "node:path";
import { systemClock } from "@papo/link";
import { safeText } from "@papo/protocol";
import { type ImportReport, importReport } from "@papo/tracker";
import type { PapoTexts } from "@papo/view-model/command-texts";
import { EXIT } from "../exit-codes.ts";
import { CommandError, type CommandProgram } from "./command.ts";
import { nameList } from "./name-list.ts";
import { withStore } from "./with-store.ts";

/** `papo tracker import FOLDER`: all of an original tracker's files, or nothing. */
export const trackerImport: CommandProgram = async (invocation) => {
  const { values, texts, stdio } = invocation;
  const from = resolve(invocation.words[0] ?? ".");
  const report = await withStore(invocation, (into) => importReport({ from, into, clock: systemClock }));
  if (values.json === true) stdio.line(JSON.stringify(report));
  if (!report.ok) {
    throw new CommandError(texts.transfer.importProblems[report.problem](safeText(from), report.file), EXIT.failed);
  }
  if (values.json !== true) for (const line of linesOf(report, texts)) stdio.line(line);
  return EXIT.ok;
};

function linesOf({ users, rooms, notes }: Extract<ImportReport, { ok: true }>, texts: PapoTexts): readonly string[] {
  const { transfer } = texts;
  return [
    transfer.imported(users.added, rooms.added),
    ...(users.kept.length > 0 ? [transfer.usersKept(nameList(users.kept, texts))] : []),
    ...(rooms.kept.length > 0 ? [transfer.roomsKept(nameList(rooms.kept, texts))] : []),
    ...notes.map(({ kind, names }) => transfer.notes[kind](nameList(names, texts))),
  ];
}
