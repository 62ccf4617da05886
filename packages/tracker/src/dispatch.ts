import { type Outcome, fail } from "@papo/protocol";
import type { Command, CommandName, Done } from "./commands.ts";
import type { Caller, Domain, Handler, Member } from "./domain.ts";
import { addresses } from "./handlers/meeting/addresses.ts";
import { answer } from "./handlers/meeting/answer.ts";
import { checkReach } from "./handlers/meeting/check-reach.ts";
import { connect } from "./handlers/meeting/connect.ts";
import { observe } from "./handlers/meeting/observe.ts";
import { punch } from "./handlers/meeting/punch.ts";
import { findPeer } from "./handlers/peer/find-peer.ts";
import { listPeers } from "./handlers/peer/list-peers.ts";
import { admitMember } from "./handlers/room/admit-member.ts";
import { createRoom } from "./handlers/room/create-room.ts";
import { deleteRoom } from "./handlers/room/delete-room.ts";
import { joinRoom } from "./handlers/room/join-room.ts";
import { leaveRoom } from "./handlers/room/leave-room.ts";
import { listMembers } from "./handlers/room/list-members.ts";
import { listRooms } from "./handlers/room/list-rooms.ts";
import { removeMember } from "./handlers/room/remove-member.ts";
import { transferRoom } from "./handlers/room/transfer-room.ts";
import { hello } from "./handlers/user/hello.ts";
import { login } from "./handlers/user/login.ts";
import { logout } from "./handlers/user/logout.ts";
import { register } from "./handlers/user/register.ts";
import { unlatch } from "./handlers/user/unlatch.ts";

/** `stranger`: before HELLO. `newcomer`: after it and not logged in. `member`: logged in. `anybody`: after HELLO, logged in or not. */
export type Standing = "stranger" | "newcomer" | "member" | "anybody";

type Row<C extends CommandName> =
  | { readonly who: "member"; readonly cost: number; readonly run: Handler<C> }
  | { readonly who: "stranger" | "newcomer" | "anybody"; readonly cost: number; readonly run: Handler<C, Caller> };

/** Every command: who may call it, what it costs (in units of COMMANDS_PER_SECOND), and what it does. */
const COMMANDS: { readonly [C in CommandName]: Row<C> } = {
  HELLO: { who: "stranger", cost: 1, run: hello },
  REGISTER: { who: "newcomer", cost: 5, run: register },
  LOGIN: { who: "newcomer", cost: 1, run: login },
  LOGOUT: { who: "member", cost: 1, run: logout },
  UNLATCH: { who: "member", cost: 5, run: unlatch },
  LIST_PEERS: { who: "member", cost: 1, run: listPeers },
  FIND_PEER: { who: "member", cost: 1, run: findPeer },
  LIST_ROOMS: { who: "member", cost: 1, run: listRooms },
  CREATE_ROOM: { who: "member", cost: 1, run: createRoom },
  JOIN_ROOM: { who: "member", cost: 1, run: joinRoom },
  LEAVE_ROOM: { who: "member", cost: 1, run: leaveRoom },
  DELETE_ROOM: { who: "member", cost: 1, run: deleteRoom },
  LIST_MEMBERS: { who: "member", cost: 1, run: listMembers },
  ADMIT_MEMBER: { who: "member", cost: 5, run: admitMember },
  REMOVE_MEMBER: { who: "member", cost: 1, run: removeMember },
  TRANSFER_ROOM: { who: "member", cost: 1, run: transferRoom },
  ADDRESSES: { who: "member", cost: 2, run: addresses },
  OBSERVE: { who: "anybody", cost: 2, run: observe },
  CHECK_REACH: { who: "anybody", cost: 5, run: checkReach },
  CONNECT: { who: "member", cost: 2, run: connect },
  ANSWER: { who: "member", cost: 1, run: answer },
  PUNCH: { who: "member", cost: 1, run: punch },
};

export function costOf(name: CommandName): number {
  return COMMANDS[name].cost;
}

export function whoMay(name: CommandName): Standing {
  return COMMANDS[name].who;
}

/** Runs a command whose caller has been found to be one who may call it. */
export async function dispatch(command: Command, caller: Caller, domain: Domain): Promise<Outcome<Done>> {
  return run(command.cmd, command, { caller, domain });
}

async function run<C extends CommandName>(
  cmd: C,
  command: Command,
  { caller, domain }: { readonly caller: Caller; readonly domain: Domain },
): Promise<Outcome<Done>> {
  const row: Row<C> = COMMANDS[cmd];
  // `cmd` is the command's own: the table's row and the command belong together, which the compiler cannot see.
  const own = command as Parameters<Row<C>["run"]>[0];
  if (row.who === "member" && !isMember(caller)) return fail("login_required", "LOGIN or REGISTER first");
  const outcome = await (row.run as Handler<C, Caller>)(own, caller, domain);
  return outcome.ok ? { ok: true, value: { cmd, command, answer: outcome.value } as Done } : outcome;
}

function isMember(caller: Caller): caller is Member {
  return caller.online !== undefined;
}
