import { type SeedCommand, type SeedUpstream, type Username, decodeSeedUpstream, seedCommandOf } from "@papo/protocol";
import type { Command } from "../commands.ts";
import type { Incoming } from "./dialect.ts";

export function readSeed(payload: Uint8Array): Incoming {
  const decoded = decodeSeedUpstream(payload);
  if (!decoded.ok) return { re: undefined, cmd: seedCommandOf(payload), command: decoded, claims: undefined };
  const command = commandOf(decoded.value);
  return { re: undefined, cmd: command.cmd, command: { ok: true, value: command }, claims: claimOf(decoded.value) };
}

/** A seed session makes plain rooms and runs in plain text: it knows nothing else. */
function commandOf(said: SeedUpstream): Command {
  switch (said.cmd) {
    case "REGISTER":
      return { ...said, statement: undefined, plaintext: true, addresses: null, started: undefined };
    case "LOGIN":
      return {
        ...said,
        statement: undefined,
        plaintext: true,
        addresses: null,
        newIdentity: false,
        started: undefined,
      };
    case "LIST_PEERS":
      return { cmd: said.cmd, order: { by: "activity" } };
    case "LIST_ROOMS":
      return { cmd: said.cmd, order: { by: "activity" } };
    case "CREATE_ROOM":
      return { cmd: said.cmd, room: said.room, kind: "plain", roomId: undefined, capacity: undefined };
    case "JOIN_ROOM":
      return { cmd: said.cmd, room: said.room, roomId: undefined };
    case "LEAVE_ROOM":
    case "DELETE_ROOM":
      return { cmd: said.cmd, room: { name: said.room } };
    case "LOGOUT":
      return { cmd: said.cmd };
  }
}

const ROOM_COMMANDS: ReadonlySet<SeedCommand> = new Set(["CREATE_ROOM", "JOIN_ROOM", "LEAVE_ROOM", "DELETE_ROOM"]);

function claimOf(said: SeedUpstream): Username | undefined {
  return ROOM_COMMANDS.has(said.cmd) && "username" in said ? said.username : undefined;
}
