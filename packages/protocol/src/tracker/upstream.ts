import * as v from "valibot";
import { loginRequest, logoutRequest, registerRequest, unlatchRequest } from "./account.ts";
import {
  addressesRequest,
  answerRequest,
  checkReachRequest,
  connectRequest,
  observeRequest,
  punchRequest,
} from "./connect.ts";
import { helloRequest } from "./hello.ts";
import { ping, pong } from "../keep-alive.ts";
import { findPeerRequest, listPeersRequest } from "./peers.ts";
import {
  admitMemberRequest,
  createRoomRequest,
  deleteRoomRequest,
  joinRoomRequest,
  leaveRoomRequest,
  listMembersRequest,
  listRoomsRequest,
  removeMemberRequest,
  transferRoomRequest,
} from "./room.ts";

/** Everything a peer may say to a tracker. Adding a member means moving PROTOCOL_VERSION. */
export const trackerUpstream = v.variant("cmd", [
  helloRequest,
  registerRequest,
  loginRequest,
  logoutRequest,
  unlatchRequest,
  listPeersRequest,
  findPeerRequest,
  listRoomsRequest,
  createRoomRequest,
  joinRoomRequest,
  leaveRoomRequest,
  deleteRoomRequest,
  listMembersRequest,
  admitMemberRequest,
  removeMemberRequest,
  transferRoomRequest,
  addressesRequest,
  observeRequest,
  checkReachRequest,
  connectRequest,
  answerRequest,
  punchRequest,
  ping,
  pong,
]);
export type TrackerUpstream = v.InferOutput<typeof trackerUpstream>;

/** Those that are answered. */
export type TrackerRequest = Exclude<TrackerUpstream, { cmd: "PING" | "PONG" }>;
export type TrackerCommand = TrackerRequest["cmd"];
