import * as v from "valibot";
import { accountKey, requestId, roomName, username } from "../ids.ts";
import { signedBinding } from "../identity/name-binding.ts";
import { PAGE_ITEMS_MAX } from "../limits.ts";
import { member } from "./member.ts";

/** Peer → tracker. Who is online, by name. No addresses: those are told in rooms and by FIND_PEER. docs/protocol/tracker.md §5.1 */
export const listPeersRequest = v.object({
  cmd: v.literal("LIST_PEERS"),
  id: requestId,
  after: v.optional(username),
  query: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
});
export type ListPeersRequest = v.InferOutput<typeof listPeersRequest>;

export const listedPeer = v.object({
  username,
  account: v.nullable(accountKey),
  connected: v.boolean(),
  /** The room entered last of those that the asker could see listed, as the report's list shows it. */
  room: v.nullable(roomName),
});
export type ListedPeer = v.InferOutput<typeof listedPeer>;

export const listPeersAnswer = v.object({
  peers: v.pipe(v.array(listedPeer), v.maxLength(PAGE_ITEMS_MAX)),
  next: v.nullable(username),
});
export type ListPeersAnswer = v.InferOutput<typeof listPeersAnswer>;

/** Peer → tracker. One account: its binding and where its devices are, in order to talk in private. docs/protocol/tracker.md §5.2 */
export const findPeerRequest = v.object({ cmd: v.literal("FIND_PEER"), id: requestId, username });
export type FindPeerRequest = v.InferOutput<typeof findPeerRequest>;

export const findPeerAnswer = v.object({ peer: member, binding: v.nullable(signedBinding) });
export type FindPeerAnswer = v.InferOutput<typeof findPeerAnswer>;
