import type { AccountKey } from "@papo/protocol";
import type { RoomState } from "../log/room-state.ts";
import type { KeptPorts } from "./kept-ports.ts";
import type { KeptRoom } from "./kept-room.ts";

type NewsPorts = Pick<KeptPorts, "emit" | "acquainted">;

/** Tells what is otherwise in a room than before: who came and went, and whose device forked itself. Who comes in is not told of what was before. */
export function tellNews(room: KeptRoom, before: RoomState, ports: NewsPorts): void {
  if (room.stored.state === "member") {
    tellMembers(room, before, ports);
    tellForks(room, before, ports);
  }
  meet(room, before, ports);
}

function tellMembers(room: KeptRoom, before: RoomState, ports: NewsPorts): void {
  const { memberByAccount } = room.state;
  for (const account of memberByAccount.keys())
    if (!before.memberByAccount.has(account) && account !== room.self)
      tellMember(room, account, "member-joined", ports);
  for (const account of before.memberByAccount.keys())
    if (!memberByAccount.has(account) && account !== room.self) tellMember(room, account, "member-left", ports);
}

/** Whoever is in a room with us is no stranger. */
function meet({ state, self }: KeptRoom, before: RoomState, ports: NewsPorts): void {
  if (!state.memberByAccount.has(self)) return;
  const areNew = !before.memberByAccount.has(self);
  for (const account of state.memberByAccount.keys())
    if (account !== self && (areNew || !before.memberByAccount.has(account))) ports.acquainted(account);
}

function tellMember(
  room: KeptRoom,
  account: AccountKey,
  kind: "member-joined" | "member-left",
  ports: NewsPorts,
): void {
  ports.emit({ kind, room: room.present(), username: room.names.of(account) });
}

function tellForks(room: KeptRoom, before: RoomState, ports: NewsPorts): void {
  for (const device of room.state.forked) {
    const account = before.forked.has(device) ? undefined : room.state.accountOf(device);
    if (account !== undefined) ports.emit({ kind: "forked", room: room.present(), username: room.names.of(account) });
  }
}
