import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, writeFileAtomically } from "@papo/link";
import { PAGE_ITEMS_MAX, type RoomName, SEED_ROOM_PLACES, type Username } from "@papo/protocol";
import type { Repositories } from "../repositories/repositories.ts";
import { REPORT_FILES, type ReportFile } from "./report-files.ts";
import { peersText, roomsText, type SeatedRoom, usersText } from "./report-projection.ts";

export type ExportReport =
  | {
      readonly ok: true;
      readonly users: number;
      readonly rooms: number;
      /** Accounts whose password is no longer stored in the report's way: an original tracker refuses their login. */
      readonly lockedOut: readonly Username[];
      /** Accounts that have shown a key: whoever knows the password can be them on an original tracker. Some may be locked out too. */
      readonly withoutTheirKey: readonly Username[];
      /** Rooms that are not plain and so are not written. */
      readonly hiddenRooms: readonly RoomName[];
      /** Rooms that are written with the first of their members only. */
      readonly shortenedRooms: readonly RoomName[];
    }
  | {
      readonly ok: false;
      readonly problem: "already_there" | "unwritable";
      readonly file: string;
      readonly code?: string;
    };

/**
 * Writes the report's three files, for an original tracker, into a folder that has none of them yet (it is made if it is missing). What
 * it cannot say is told. Rejects with a `StoreFailure` when the store cannot be read.
 */
export async function exportReport(options: {
  readonly from: Repositories;
  readonly to: string;
}): Promise<ExportReport> {
  const { from, to } = options;
  const users = await all((last: UserPage | undefined) => from.users.page(last, PAGE_ITEMS_MAX));
  const rooms = await seatedRooms(from);
  const peers = await all((last: PeerPage | undefined) => from.peers.page(last?.username, PAGE_ITEMS_MAX));
  const away = peers.map((peer) => ({ ...peer, connected: false }));
  const peerByName = new Map(away.map((peer) => [peer.username as string, peer]));

  const refusal = await writeFiles(to, {
    users: usersText(users),
    rooms: roomsText(rooms, (username) => peerByName.get(username)),
    peers: peersText(away),
  });
  if (refusal !== undefined) return refusal;
  const plain = rooms.filter(({ room }) => room.kind === "plain");
  return {
    ok: true,
    users: users.length,
    rooms: plain.length,
    lockedOut: users.filter(({ password }) => password.kind !== "sha256").map(({ username }) => username),
    withoutTheirKey: users.filter(({ identity }) => identity !== null).map(({ username }) => username),
    hiddenRooms: rooms.filter(({ room }) => room.kind !== "plain").map(({ room }) => room.name),
    shortenedRooms: plain.filter(isShortened).map(({ room }) => room.name),
  };
}

type UserPage = Awaited<ReturnType<Repositories["users"]["page"]>>[number];
type PeerPage = Awaited<ReturnType<Repositories["peers"]["page"]>>[number];
type RoomItem = Awaited<ReturnType<Repositories["rooms"]["list"]>>[number];

async function all<T>(page: (last: T | undefined) => Promise<readonly T[]>): Promise<readonly T[]> {
  const found: T[] = [];
  for (;;) {
    const next = await page(found.at(-1));
    if (next.length === 0) return found;
    found.push(...next);
  }
}

/** One seat more than an original tracker shows is enough to know that there are more. */
async function seatedRooms({ rooms }: Repositories): Promise<readonly SeatedRoom[]> {
  const listed = await all((last: RoomItem | undefined) => rooms.list({ after: last, limit: PAGE_ITEMS_MAX }));
  return Promise.all(
    listed.map(async (room) => ({ room, seats: await rooms.members(room.id, undefined, SEED_ROOM_PLACES + 1) })),
  );
}

function isShortened({ room, seats }: SeatedRoom): boolean {
  return seats.filter(({ username }) => username !== room.owner).length > SEED_ROOM_PLACES - 1;
}

async function writeFiles(
  directory: string,
  texts: Record<ReportFile, string>,
): Promise<(ExportReport & { readonly ok: false }) | undefined> {
  const files = ["users", "rooms", "peers"] as const;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const there = await readdir(directory);
    const taken = files.find((file) => there.includes(REPORT_FILES[file]));
    if (taken !== undefined) return { ok: false, problem: "already_there", file: REPORT_FILES[taken] };
    for (const file of files) await writeFileAtomically(join(directory, REPORT_FILES[file]), texts[file]);
    return undefined;
  } catch (error) {
    return { ok: false, problem: "unwritable", file: directory, code: codeOf(error) ?? "unknown" };
  }
}
