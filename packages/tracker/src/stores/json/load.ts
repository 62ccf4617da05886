import { join } from "node:path";
import { type Clock, timestampOf } from "@papo/link";
import { type ImportNote, ImportNotes } from "../../import-export/import-note.ts";
import {
  entriesOfReport,
  REPORT_FILES,
  type ReportEntries,
  type ReportFile,
} from "../../import-export/report-files.ts";
import { peersOfReport } from "../../import-export/report-peers.ts";
import { roomsOfReport } from "../../import-export/report-rooms.ts";
import { textOfPassword, usersOfReport } from "../../import-export/report-users.ts";
import type { User } from "../../repositories/user-repository.ts";
import type { StoreWarning } from "../opened-store.ts";
import { tablesOf } from "../memory/dump.ts";
import type { MemoryTables } from "../memory/memory-tables.ts";
import { AUTHORITY_FILE, type Authority, digestOf, parseAuthority } from "./authority.ts";
import type { OnDisk } from "./json-disk.ts";
import { keepCopy, setAside, textOf } from "./json-files.ts";

export type Loaded = {
  readonly tables: MemoryTables;
  readonly onDisk: OnDisk;
  readonly warnings: readonly StoreWarning[];
};

const EMPTY: Authority = { written: { users: [], rooms: [] }, users: [], rooms: [] };

/** Reads the four files into tables. Throws `StoreRefused` before anything is changed. */
export async function load(directory: string, clock: Clock): Promise<Loaded> {
  const authorityPath = join(directory, AUTHORITY_FILE);
  const authorityNow = await textOf(authorityPath);
  const texts = await readAll(directory);
  const authority = authorityNow === undefined ? EMPTY : parseAuthority(authorityNow, authorityPath);

  const warnings: StoreWarning[] = [];
  const files = await openReportFiles(directory, texts, authority, warnings);
  const tables = tablesOf({ users: authority.users, rooms: authority.rooms, peers: [] });
  const notes = takeIn(tables, files, timestampOf(clock));
  for (const file of ["users", "rooms"] as const) {
    await keepWhatIsLost(join(directory, REPORT_FILES[file]), files[file], notes[file], warnings);
  }
  const digests = { users: digestOn(files.users), rooms: digestOn(files.rooms), peers: digestOn(files.peers) };
  return { tables, onDisk: { authority: authorityNow, digests }, warnings };
}

/** One of the report's files. `entries` is undefined when nobody but us has written it: then our file knows better. */
type Found = { readonly text: string | undefined; readonly entries: ReportEntries | undefined };
type FoundFiles = Record<ReportFile, Found>;

const NOTHING: Found = { text: undefined, entries: undefined };

async function readAll(directory: string): Promise<Record<ReportFile, string | undefined>> {
  const read = (file: ReportFile) => textOf(join(directory, REPORT_FILES[file]));
  return { users: await read("users"), rooms: await read("rooms"), peers: await read("peers") };
}

async function openReportFiles(
  directory: string,
  texts: Record<ReportFile, string | undefined>,
  { written }: Authority,
  warnings: StoreWarning[],
): Promise<FoundFiles> {
  const found = async (file: ReportFile, ours: readonly string[]): Promise<Found> => {
    const text = texts[file];
    if (text === undefined) return NOTHING;
    if (ours.includes(digestOf(text))) return { text, entries: undefined };
    const entries = entriesOfReport(text);
    if (entries !== undefined) return { text, entries };

    const path = join(directory, REPORT_FILES[file]);
    const kept = await setAside(path);
    warnings.push({ path, detail: `it is damaged and is kept as ${kept}; a new one is written` });
    return NOTHING;
  };
  return {
    users: await found("users", written.users),
    rooms: await found("rooms", written.rooms),
    peers: await found("peers", []),
  };
}

/**
 * What others wrote into the report's files: new accounts, rooms and peers are taken in, and another password of a known account is its
 * new one. What is missing there is not deleted: an original tracker empties a file that it cannot read.
 */
function takeIn(
  tables: MemoryTables,
  files: FoundFiles,
  createdAt: string,
): Record<"users" | "rooms", readonly ImportNote[]> {
  const [aboutUsers, aboutRooms] = [new ImportNotes(), new ImportNotes()];
  const users = usersOfReport(files.users.entries ?? new Map(), createdAt, aboutUsers);
  const names = new Set(users.map(({ username }) => username));
  const rooms = roomsOfReport(files.rooms.entries ?? new Map(), {
    createdAt,
    hasAccount: (username) => names.has(username) || tables.users.find(username) !== undefined,
    notes: aboutRooms,
  });
  // Where somebody once was is no loss.
  const peers = peersOfReport(files.peers.entries ?? new Map(), new ImportNotes());
  for (const user of users) resetPassword(tables, user);
  tables.absorb({ users, rooms, peers });
  return { users: aboutUsers.list(), rooms: aboutRooms.list() };
}

function resetPassword(tables: MemoryTables, { username, password, weak }: User): void {
  const known = tables.users.find(username);
  if (known === undefined || textOfPassword(known.password) === textOfPassword(password)) return;
  tables.users.setPassword(username, password, { weak });
}

/** If something in a file could not be taken in, it is kept as it was before ours takes its place. */
async function keepWhatIsLost(
  path: string,
  { text, entries }: Found,
  notes: readonly ImportNote[],
  warnings: StoreWarning[],
): Promise<void> {
  if (notes.length === 0 || text === undefined || entries === undefined) return;
  const kept = await keepCopy(path, text);
  const what = notes.map(({ kind, names }) => `${kind} ${names.length}`).join(", ");
  warnings.push({ path, detail: `not everything was taken in as it stood (${what}); it is kept as ${kept}` });
}

function digestOn({ text }: Found): string | undefined {
  return text === undefined ? undefined : digestOf(text);
}
