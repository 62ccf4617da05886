import type { PeerApi, PeerEvent } from "@papo/peer/api";
import { writtenAs } from "./conversation-reference.ts";
import { withoutMembers } from "./methods.ts";

/** An event as programs get it: rooms without their members, and with every message `in`: where it was said, as a person writes it. */
export function toldEvent(peer: PeerApi, event: PeerEvent): object {
  if ("message" in event) {
    const where = writtenAs(peer, event.message.conversation);
    return where === undefined ? event : { ...event, in: where };
  }
  return "room" in event ? { ...event, room: withoutMembers(event.room) } : event;
}
