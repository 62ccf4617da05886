import type { RoomId, Username } from "@papo/protocol";
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

/** What sessions are told unasked. */
export type Announcement = RoomDelta | RoomClosing;
