import type { Call, Observed, Paths, Punch, RoomId, Username } from "@papo/protocol";
import type { MemberView } from "../commands.ts";
import type { LiveRoom } from "./live-room.ts";

/** What changed in a room from one version to another. One object serves every session that is told, so that it is encoded once. */
export type RoomDelta = {
  readonly kind: "room_updated";
  readonly live: LiveRoom;
  readonly from: number;
  readonly version: number;
  readonly changed: readonly MemberView[];
  readonly gone: readonly Username[];
};

export type RoomClosing = {
  readonly kind: "room_closed";
  readonly room: RoomId;
  readonly reason: "deleted" | "left" | "removed";
};

/** Where a connection of OBSERVE came from. docs/protocol/tracker.md §7.1 */
type Observation = { readonly kind: "observed" } & Pick<Observed, "ticket" | "address" | "port">;

/** What a side of a call is told. docs/protocol/tracker.md §7 */
type Introduction =
  | ({ readonly kind: "called" } & Omit<Call, "status" | "msg">)
  | ({ readonly kind: "paths" } & Omit<Paths, "status" | "msg">)
  | ({ readonly kind: "punch" } & Omit<Punch, "status" | "msg">);

/** What sessions are told unasked. */
export type Announcement = RoomDelta | RoomClosing | Observation | Introduction;
