import type { GenesisBody, Outcome, RoomId } from "@papo/protocol";
import type { RoomReplicas } from "../kept/kept-ports.ts";
import { PendingBudget } from "./pending-entries.ts";
import { type ReplicaPorts, openReplica } from "./replica.ts";
import { createRoomLog } from "./room-log.ts";
import type { RoomReplica } from "./room-replica.ts";

/** The logs of all rooms of an account: one replica per room, read from the store when it is first asked for. */
export class ReplicaShelf implements RoomReplicas {
  readonly #ports: ReplicaPorts;
  readonly #replicaById = new Map<RoomId, RoomReplica>();

  constructor(ports: Omit<ReplicaPorts, "budget">) {
    this.#ports = { ...ports, budget: new PendingBudget() };
  }

  async create(genesis: GenesisBody): Promise<Outcome<RoomReplica>> {
    const made = await createRoomLog(genesis, this.#ports);
    if (made.ok) this.#replicaById.set(made.value.id, made.value);
    return made;
  }

  open(room: RoomId): RoomReplica {
    const known = this.#replicaById.get(room);
    if (known !== undefined) return known;
    const opened = openReplica(room, this.#ports);
    this.#replicaById.set(room, opened);
    return opened;
  }

  get(room: RoomId): RoomReplica | undefined {
    return this.#replicaById.get(room);
  }

  close(room: RoomId): void {
    this.#replicaById.get(room)?.close();
    this.#replicaById.delete(room);
  }
}
