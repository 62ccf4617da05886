import * as v from "valibot";
import { ping, pong } from "../keep-alive.ts";
import { peerAddresses } from "./addresses.ts";
import { bye } from "./bye.ts";
import { peerHello } from "./hello.ts";
import {
  inviteAnswer,
  syncCarry,
  syncDigest,
  syncDone,
  syncHeads,
  syncReceipt,
  syncStored,
  syncWant,
  useInvite,
} from "./sync.ts";
import { peerLeave, peerMessage, received } from "./message.ts";
import { peerStatus } from "./status.ts";
import { privateLost, privateRead, privateRefused, privateWant } from "./private.ts";

/** Everything peers say to each other on a link. Adding a member means moving PROTOCOL_VERSION. */
export const peerLanguage = v.variant("cmd", [
  peerHello,
  peerMessage,
  received,
  peerLeave,
  peerStatus,
  privateWant,
  privateLost,
  privateRefused,
  privateRead,
  syncDigest,
  syncHeads,
  syncWant,
  syncDone,
  syncStored,
  syncReceipt,
  syncCarry,
  useInvite,
  inviteAnswer,
  peerAddresses,
  ping,
  pong,
  bye,
]);
export type PeerSays = v.InferOutput<typeof peerLanguage>;
