import type { SignedText } from "@papo/protocol";
import type { Domain, Member } from "../../domain.ts";
import type { LiveRoom } from "../../services/live-room.ts";

/** What lets a member write its join into the log of an open room. An account that has shown no key has nothing that could sign one. */
export function ticketFor({ room }: LiveRoom, { online }: Member, { ticket }: Domain): SignedText | null {
  return room.kind === "open" && online.account !== null ? ticket(room.id, online.account, online.username) : null;
}
