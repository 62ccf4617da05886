import type { RoomKind } from "@papo/protocol";
import type { SeatKind } from "../repositories/room-repository.ts";

/** Where the two dialects differ in what they may do, not in how it is said. */
export type DialectPolicy = {
  /** The kinds of room that exist for its clients. */
  readonly roomKinds: readonly RoomKind[];
  readonly capacityDefault: number;
  readonly seat: SeatKind;
  /** Entering a room leaves the one before, as the original program has it. */
  readonly oneRoomAtATime: boolean;
  /** Joining again tells everybody in the room, as the original program does. */
  readonly announcesRejoin: boolean;
  /** Refused logins and unwelcome commands before login until the session is closed. */
  readonly refusalsMax: number;
};
