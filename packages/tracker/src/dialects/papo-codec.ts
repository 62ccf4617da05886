import {
  type Outcome,
  type TrackerRequest,
  type TrackerUpstream,
  decodeTrackerUpstream,
  requestIdOf,
} from "@papo/protocol";
import type { Command } from "../commands.ts";
import type { Incoming } from "./dialect.ts";

export function readPapo(payload: Uint8Array): Incoming | "ping" | "ignored" {
  const decoded: Outcome<TrackerUpstream> = decodeTrackerUpstream(payload);
  if (!decoded.ok) return { re: requestIdOf(payload), cmd: undefined, command: decoded, claims: undefined };
  const request = decoded.value;
  if (request.cmd === "PING") return "ping";
  if (request.cmd === "PONG") return "ignored";
  const command = commandOf(request);
  return { re: request.id, cmd: command.cmd, command: { ok: true, value: command }, claims: undefined };
}

function commandOf(request: TrackerRequest): Command {
  switch (request.cmd) {
    case "HELLO":
    case "LOGOUT":
      return { cmd: request.cmd };
    case "REGISTER":
    case "FIND_PEER":
    case "JOIN_ROOM":
      return request;
    case "LOGIN":
      return { ...request, password: request.password };
    case "LIST_PEERS":
      return { cmd: request.cmd, order: { by: "name", after: request.after, query: request.query } };
    case "LIST_ROOMS":
      return { cmd: request.cmd, order: { by: "name", after: request.after, query: request.query } };
    case "CREATE_ROOM":
      return { ...request, capacity: request.capacity };
    case "LEAVE_ROOM":
    case "DELETE_ROOM":
      return { cmd: request.cmd, room: { id: request.room } };
    case "LIST_MEMBERS":
      return { cmd: request.cmd, room: request.room, after: request.after };
  }
}
