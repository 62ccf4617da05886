import type { ImportedRecords, ImportResult } from "./imported-records.ts";
import type { PeerRepository } from "./peer-repository.ts";
import type { RoomRepository } from "./room-repository.ts";
import type { UserRepository } from "./user-repository.ts";

/**
 * One store, opened: `sqlite`, `json` or `memory`. One conformance suite runs against each.
 *
 * A refusal that the domain knows ("exists", "full") is a value. When the disk or the file fails, every method rejects with a
 * `StoreFailure`; nothing of that call has then happened, and the store may work again later.
 */
export interface Repositories {
  readonly users: UserRepository;
  readonly rooms: RoomRepository;
  readonly peers: PeerRepository;
  /** Takes in accounts, rooms and peers of an original tracker: all that is new here in one atomic step, nothing that exists is changed. */
  absorb(records: ImportedRecords): Promise<ImportResult>;
  /** A cheap read that proves that the store answers. */
  check(): Promise<void>;
  /** Writes what is pending and lets go of the files. Idempotent. */
  close(): Promise<void>;
}
