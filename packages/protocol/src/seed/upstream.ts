import * as v from "valibot";
import { passwordHash, port, roomName, username } from "../ids.ts";
import { CLAIMED_ADDRESS_CHARS_MAX } from "../limits.ts";

// What an original peer says to a tracker (report §2.1). docs/protocol/seed.md §2

const credentials = {
  username,
  password: passwordHash,
  /** Claimed text: accepted, never used. */
  address: v.optional(v.pipe(v.string(), v.maxLength(CLAIMED_ADDRESS_CHARS_MAX))),
  port,
};
const roomFields = { room: roomName, username };

export const seedRegister = v.object({ cmd: v.literal("REGISTER"), ...credentials });
export const seedLogin = v.object({ cmd: v.literal("LOGIN"), ...credentials });
export const seedListPeers = v.object({ cmd: v.literal("LIST_PEERS") });
export const seedListRooms = v.object({ cmd: v.literal("LIST_ROOMS") });
export const seedCreateRoom = v.object({ cmd: v.literal("CREATE_ROOM"), ...roomFields });
export const seedJoinRoom = v.object({ cmd: v.literal("JOIN_ROOM"), ...roomFields });
export const seedLeaveRoom = v.object({ cmd: v.literal("LEAVE_ROOM"), ...roomFields });
export const seedDeleteRoom = v.object({ cmd: v.literal("DELETE_ROOM"), ...roomFields });
/** The original names itself here; the session's own user is the one that leaves. */
export const seedLogout = v.object({ cmd: v.literal("LOGOUT") });

export const seedUpstream = v.variant("cmd", [
  seedRegister,
  seedLogin,
  seedListPeers,
  seedListRooms,
  seedCreateRoom,
  seedJoinRoom,
  seedLeaveRoom,
  seedDeleteRoom,
  seedLogout,
]);
export type SeedUpstream = v.InferOutput<typeof seedUpstream>;
export type SeedCommand = SeedUpstream["cmd"];
