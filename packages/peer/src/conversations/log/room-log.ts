import { type GenesisBody, type Outcome, decodeWith, roomId, succeed } from "@papo/protocol";
import type { StoredRoom } from "../../storage/history/history.ts";
import { sealEntry, signSealed } from "./opened-entry.ts";
import { type ReplicaPorts, openReplica } from "./replica.ts";
import type { RoomReplica } from "./room-replica.ts";

/** Founds a room: its first entry, whose id is the room's, is durable when this resolves. The founder is its owner. */
export async function createRoomLog(genesis: GenesisBody, ports: ReplicaPorts): Promise<Outcome<RoomReplica>> {
  const { history, clock, device } = ports;
  const timeMs = clock.wallMs();
  const place = { chain: "control" as const, seq: 1, prev: null, auth: [], deps: [], lamport: 1 };
  const sealed = sealEntry(
    { room: null, author: device.publicKey, ...place, time: timeMs },
    { kind: "genesis", body: genesis },
  );
  if (!sealed.ok) return sealed;
  const { id, header, bytes, body, signature } = signSealed(sealed.value, device);
  const room = decodeWith(roomId, id);
  if (!room.ok) return room;

  const { author, chain, seq, prev, kind } = header;
  const said = { kind, header: bytes, signature, body, target: null, text: null, shown: false };
  const entry = {
    room: room.value,
    id,
    author,
    chain,
    seq,
    prev,
    effective: 1,
    ...said,
    isVoid: false,
    arrivedMs: timeMs,
  };
  const record: StoredRoom = {
    id: room.value,
    name: genesis.name,
    kind: genesis.room,
    state: "member",
    readUpTo: 0,
    base: new Map(),
  };
  const done = await history.commit([
    { kind: "put-room", room: record },
    { kind: "put-entry", entry },
    { kind: "put-head", room: room.value, author, chain, seq, id },
  ]);
  return done.ok ? succeed(openReplica(room.value, ports)) : done;
}
