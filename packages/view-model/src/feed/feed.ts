import type { Conversation, PeerEvent } from "@papo/peer/api";
import type { RoomId } from "@papo/protocol";
import { onAway } from "./away.ts";
import { onDelivery } from "./deliveries.ts";
import { type FeedState, type FeedStep, type FeedView, silent } from "./feed-state.ts";
import { onKeyChanged, onNameConflict } from "./keys.ts";
import { onContactRequest, onCopied, onForked, onInviteRefused } from "./kept.ts";
import { onLinked, onRelinked, onUnlinked, onUnreachable } from "./links.ts";
import { onMember, onPrivateLeft, onRoomClosed } from "./members.ts";
import { onMessage, onMessageChanged } from "./messages.ts";
import { onProblem } from "./problems.ts";
import { onRoomChanged } from "./room-standing.ts";
import { onTracker, onTrackerAddressRefused } from "./tracker.ts";

/** Pure: what an event adds to the screen, and what is to be remembered of it. */
export function feedStep(state: FeedState, event: PeerEvent, view: FeedView): FeedStep {
  switch (event.kind) {
    case "message":
      return onMessage(state, event.message, view);
    case "delivery":
      return onDelivery(state, event.message, view);
    case "member-joined":
    case "member-left":
    case "member-online":
    case "member-offline":
      return onMember(state, event, view);
    case "room-closed":
      return onRoomClosed(state, event, view);
    case "private-left":
      return onPrivateLeft(state, event, view);
    case "linked":
      return onLinked(state, event, view);
    case "relinked":
      return onRelinked(state, event, view);
    case "unlinked":
      return onUnlinked(state, event, view);
    case "unreachable":
      return onUnreachable(state, event, view);
    case "tracker":
      return onTracker(state, event.state, view);
    case "tracker-address-refused":
      return onTrackerAddressRefused(state, event, view);
    case "key-changed":
      return onKeyChanged(state, event, view);
    case "name-conflict":
      return onNameConflict(state, event, view);
    case "problem":
      return onProblem(state, event, view);
    case "message-changed":
      return onMessageChanged(state, event.message, view);
    case "contact-request":
      return onContactRequest(state, event, view);
    case "forked":
      return onForked(state, event, view);
    case "copied":
      return onCopied(state, view);
    case "invite-refused":
      return onInviteRefused(state, event, view);
    case "away":
      return onAway(state, event, view);
    case "preferences-changed":
    case "opened":
      return silent(state);
    case "room-changed":
      return onRoomChanged(state, event, view);
  }
}

/** Another conversation, or a menu, comes on the screen. */
export function focusOn(state: FeedState, focus: Conversation | null): FeedState {
  return { ...state, focus, lastOwn: null, partialTold: "", partial: null, leaving: null, presenceTold: new Map() };
}

/** The user leaves or deletes this room: that it ends need not be told. */
export function expectEnd(state: FeedState, leaving: RoomId): FeedState {
  return { ...state, leaving };
}
