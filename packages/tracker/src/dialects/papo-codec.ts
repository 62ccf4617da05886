import {
  type Fault,
  type LoginRequest,
  type Outcome,
  type RegisterRequest,
  type TrackerRequest,
  type TrackerUpstream,
  checkRoomName,
  checkUsername,
  decodeTrackerUpstream,
  fault,
  parseStrictJson,
  requestIdOf,
} from "@papo/protocol";
import type { Command, CommandOf } from "../commands.ts";
import type { Incoming } from "./dialect.ts";

export function readPapo(payload: Uint8Array): Incoming | "ping" | "ignored" {
  const decoded: Outcome<TrackerUpstream> = decodeTrackerUpstream(payload);
  if (!decoded.ok) {
    const refusal = nameRefusal(payload) ?? decoded.fault;
    return { re: requestIdOf(payload), cmd: undefined, command: { ok: false, fault: refusal }, claims: undefined };
  }
  const request = decoded.value;
  if (request.cmd === "PING") return "ping";
  if (request.cmd === "PONG") return "ignored";
  const refusal = contradiction(request);
  if (refusal !== undefined) {
    return { re: request.id, cmd: request.cmd, command: { ok: false, fault: refusal }, claims: undefined };
  }
  const command = commandOf(request);
  return { re: request.id, cmd: command.cmd, command: { ok: true, value: command }, claims: undefined };
}

/** A name that may not be chosen is worth its own code: people type names. */
function nameRefusal(payload: Uint8Array): Fault | undefined {
  const parsed = parseStrictJson(payload);
  if (!parsed.ok || typeof parsed.value !== "object" || parsed.value === null || !("cmd" in parsed.value))
    return undefined;
  const { cmd } = parsed.value;
  const wanted = "username" in parsed.value ? parsed.value.username : undefined;
  if (cmd === "REGISTER" && typeof wanted === "string" && checkUsername(wanted) !== undefined) {
    return fault("name_not_allowed", "username: expected one that may be registered");
  }
  const room = "room" in parsed.value ? parsed.value.room : undefined;
  if (cmd === "CREATE_ROOM" && typeof room === "string" && checkRoomName(room) !== undefined) {
    return fault("room_name_not_allowed", "room: expected a name that a room may be given");
  }
  return undefined;
}

/** What the schemas, field by field, cannot say. */
function contradiction(request: TrackerRequest): Fault | undefined {
  if (request.cmd === "LOGIN" || request.cmd === "REGISTER") {
    const isHalf = (request.epoch === undefined) !== (request.start === undefined);
    return isHalf ? fault("invalid_message", "epoch, start: expected both or neither") : undefined;
  }
  if (request.cmd !== "CREATE_ROOM") return undefined;
  if (request.kind === "plain") {
    return request.roomId === undefined ? undefined : fault("invalid_message", "roomId: expected none for this kind");
  }
  return request.roomId === undefined ? fault("invalid_message", "roomId: expected the id of the genesis") : undefined;
}

function startedOf({ epoch, start }: LoginRequest | RegisterRequest): CommandOf<"LOGIN">["started"] {
  return epoch === undefined || start === undefined ? undefined : { epoch, start };
}

function commandOf(request: TrackerRequest): Command {
  switch (request.cmd) {
    case "HELLO":
    case "LOGOUT":
    case "OBSERVE":
      return { cmd: request.cmd };
    case "FIND_PEER":
    case "UNLATCH":
    case "ADMIT_MEMBER":
    case "REMOVE_MEMBER":
    case "TRANSFER_ROOM":
    case "ADDRESSES":
    case "CONNECT":
    case "ANSWER":
    case "PUNCH":
      return request;
    case "CHECK_REACH":
      return { cmd: request.cmd, port: request.port };
    case "REGISTER":
      return { ...request, started: startedOf(request) };
    case "LOGIN":
      return { ...request, password: request.password, started: startedOf(request) };
    case "LIST_PEERS":
      return { cmd: request.cmd, order: { by: "name", after: request.after, query: request.query } };
    case "LIST_ROOMS":
      return { cmd: request.cmd, order: { by: "name", after: request.after, query: request.query } };
    case "CREATE_ROOM":
      return { ...request, roomId: request.roomId, capacity: request.capacity };
    case "JOIN_ROOM":
      return { ...request, roomId: request.roomId };
    case "LEAVE_ROOM":
    case "DELETE_ROOM":
      return { cmd: request.cmd, room: { id: request.room } };
    case "LIST_MEMBERS":
      return { cmd: request.cmd, room: request.room, after: request.after };
  }
}
