import { randomBytes } from "node:crypto";
import { type RoomName, roomId, roomName, SEED_ROOM_PLACES, type Username } from "@papo/protocol";
import * as v from "valibot";
import type { ImportedRoom } from "../repositories/imported-records.ts";
import { foldOf } from "../repositories/name-order.ts";
import type { ImportNotes } from "./import-note.ts";
import type { ReportEntries } from "./report-files.ts";
import { isKey, reportUsername } from "./report-users.ts";

/** A place holds a PEER, of which only the name matters here, or null. */
const place = v.fallback(
  v.nullable(
    v.union([
      v.string(),
      v.pipe(
        v.object({ username: v.string() }),
        v.transform(({ username }) => username),
      ),
    ]),
  ),
  null,
);
const reportRoom = v.object({
  peer_owner: v.optional(place, null),
  peer_one: v.optional(place, null),
  peer_two: v.optional(place, null),
});

export type RoomContext = {
  readonly createdAt: string;
  /** Whether the name has an account, here or in the file that comes along. */
  readonly hasAccount: (username: Username) => boolean;
  readonly notes: ImportNotes;
};

/** `{NAME: ROOM}` (report §1.1.2): each becomes a plain room of three places with an id of its own. */
export function roomsOfReport(entries: ReportEntries, context: RoomContext): readonly ImportedRoom[] {
  return [...entries].flatMap(([name, value]) => roomOf(name, value, context) ?? []);
}

function roomOf(name: string, value: unknown, { createdAt, hasAccount, notes }: RoomContext): ImportedRoom | undefined {
  const parsedName = v.safeParse(roomName, name);
  const parsed = v.safeParse(reportRoom, value);
  if (!parsedName.success || !isKey(name) || !parsed.success) {
    notes.add("unusable_entry", name);
    return undefined;
  }

  const { peer_owner: named, peer_one: one, peer_two: two } = parsed.output;
  const people = [...new Set([named, one, two].flatMap((person) => reportUsername(person) ?? []))];
  const [owner, ...others] = people.filter((person) => hasAccount(person));
  for (const person of people) if (!hasAccount(person)) notes.add("unknown_member", person);
  if (owner === undefined || (named !== null && owner !== named)) {
    notes.add("room_without_owner", name);
    return undefined;
  }
  if (named === null) notes.add("owner_replaced", name);
  return { room: newRoom(parsedName.output, owner, createdAt), others };
}

function newRoom(name: RoomName, owner: Username, createdAt: string): ImportedRoom["room"] {
  const id = v.parse(roomId, randomBytes(32).toString("base64url"));
  return { id, name, fold: foldOf(name), kind: "plain", owner, capacity: SEED_ROOM_PLACES, createdAt };
}
