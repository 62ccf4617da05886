export type * from "./api.ts";
export { trackerOfAccount } from "./doctor/account-tracker.ts";
export { type ExaminationOptions, examineComputer } from "./doctor/examine.ts";
export { conversationKey } from "./conversations/timelines.ts";
export { type PeerOptions, openPeer } from "./peer.ts";
export { keyMetAt } from "./tracker-session/key-met-at.ts";
export type { TrackerSource } from "./tracker-session/tracker-places.ts";
