import * as v from "valibot";
import { ping, pong } from "../keep-alive.ts";
import { bye } from "./bye.ts";
import { peerHello } from "./hello.ts";
import { peerLeave, peerMessage, received } from "./message.ts";

/** Everything peers say to each other on a link. Adding a member means moving PROTOCOL_VERSION. */
export const peerLanguage = v.variant("cmd", [peerHello, peerMessage, received, peerLeave, ping, pong, bye]);
export type PeerSays = v.InferOutput<typeof peerLanguage>;
