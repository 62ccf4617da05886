import type { RoomName, Username } from "@papo/protocol";
import type { StoredPeer } from "./peer-repository.ts";
import type { StoredRoom } from "./room-repository.ts";
import type { User } from "./user-repository.ts";

/** A room of an original tracker: the owner and the other members in the order of their places, all in seed seats. */
export type ImportedRoom = {
  readonly room: Omit<StoredRoom, "members">;
  readonly others: readonly Username[];
};

/** What an original tracker's files hold, in our shapes. Names in them need not pass today's rules, skeletons may repeat. */
export type ImportedRecords = {
  readonly users: readonly User[];
  readonly rooms: readonly ImportedRoom[];
  readonly peers: readonly StoredPeer[];
};

/** What was new here, and what already existed under that very name and therefore stayed as it was. */
export type ImportResult = {
  readonly users: { readonly added: number; readonly kept: readonly Username[] };
  readonly rooms: { readonly added: number; readonly kept: readonly RoomName[] };
};
