import { type Clock, timestampOf } from "@papo/link";
import type { RoomName, Username } from "@papo/protocol";
import type { ImportedRecords } from "../repositories/imported-records.ts";
import type { Repositories } from "../repositories/repositories.ts";
import { type ImportNote, ImportNotes } from "./import-note.ts";
import { entriesOfReport, readReportFile, REPORT_FILES, type ReportEntries, type ReportFile } from "./report-files.ts";
import { peersOfReport } from "./report-peers.ts";
import { roomsOfReport } from "./report-rooms.ts";
import { reportUsername, usersOfReport } from "./report-users.ts";

export type ImportReport =
  | {
      readonly ok: true;
      readonly users: { readonly added: number; readonly kept: readonly Username[] };
      readonly rooms: { readonly added: number; readonly kept: readonly RoomName[] };
      readonly notes: readonly ImportNote[];
    }
  | {
      readonly ok: false;
      /** `nothing_found`: none of the three files is there. `not_a_report_file`: it is no JSON object. `code` is the system's. */
      readonly problem: "nothing_found" | "not_a_report_file" | "too_large" | "unreadable";
      readonly file: string;
      readonly code?: string;
    };

type Refusal = ImportReport & { readonly ok: false };

/**
 * Takes the accounts, rooms and last addresses of an original tracker's folder into a store. The files are only read. All that is new
 * goes in by one atomic step, or nothing does; what the store already has stays as it is. Rejects with a `StoreFailure` like any write.
 */
export async function importReport(options: {
  readonly from: string;
  readonly into: Repositories;
  readonly clock: Clock;
}): Promise<ImportReport> {
  const files = await readFiles(options.from);
  if ("ok" in files) return files;
  const notes = new ImportNotes();
  const records = await recordsOf(files, options.into, { createdAt: timestampOf(options.clock), notes });
  const result = await options.into.absorb(records);
  return { ok: true, ...result, notes: notes.list() };
}

type Entries = { readonly [F in ReportFile]: ReportEntries };

async function readFiles(directory: string): Promise<Entries | Refusal> {
  const found = new Map<ReportFile, ReportEntries>();
  for (const file of ["users", "rooms", "peers"] as const) {
    const name = REPORT_FILES[file];
    const read = await readReportFile(directory, file);
    if (read.kind === "missing") continue;
    if (read.kind === "too_large") return { ok: false, problem: "too_large", file: name };
    if (read.kind === "unreadable") return { ok: false, problem: "unreadable", file: name, code: read.code };
    const entries = read.kind === "text" ? entriesOfReport(read.text) : undefined;
    if (entries === undefined) return { ok: false, problem: "not_a_report_file", file: name };
    found.set(file, entries);
  }
  if (found.size === 0) return { ok: false, problem: "nothing_found", file: REPORT_FILES.users };
  const entriesOf = (file: ReportFile) => found.get(file) ?? new Map<string, unknown>();
  return { users: entriesOf("users"), rooms: entriesOf("rooms"), peers: entriesOf("peers") };
}

async function recordsOf(
  files: Entries,
  into: Repositories,
  { createdAt, notes }: { readonly createdAt: string; readonly notes: ImportNotes },
): Promise<ImportedRecords> {
  const users = usersOfReport(files.users, createdAt, notes);
  const accounts = new Set(users.map(({ username }) => username));
  await addKnown(accounts, namesIn(files.rooms), into);
  const hasAccount = (username: Username) => accounts.has(username);
  const rooms = roomsOfReport(files.rooms, { createdAt, hasAccount, notes });
  const peers = peersOfReport(files.peers, notes).map((peer) => ({ ...peer, connected: false }));
  return { users, rooms, peers };
}

/** Rooms may name people who have an account here and none in the files. */
async function addKnown(accounts: Set<Username>, names: Iterable<Username>, into: Repositories): Promise<void> {
  for (const name of names) {
    if (!accounts.has(name) && (await into.users.find(name)) !== undefined) accounts.add(name);
  }
}

function namesIn(rooms: ReportEntries): ReadonlySet<Username> {
  const places = [...rooms.values()].flatMap((room) => (isObject(room) ? Object.values(room) : []));
  const names = places.map((place) => (isObject(place) ? place["username"] : place));
  return new Set(names.flatMap((name) => reportUsername(name) ?? []));
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null;
}
