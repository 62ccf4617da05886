import { type Fault, fault } from "@papo/protocol";
import { isSameAccount, mayDelete } from "./bodies.ts";
import type { LogStep } from "./log-step.ts";
import type { OpenedEntry } from "./opened-entry.ts";
import type { Draft } from "./room-replica.ts";
import type { RoomState } from "./room-state.ts";
import { isWithin } from "./spans.ts";

/** Why this device may not write this now; undefined: it may, as far as one can say before it is written. */
export function whyNotDraft(state: RoomState, step: LogStep, draft: Draft): Fault | undefined {
  if (draft.kind === "join" || draft.kind === "genesis") return undefined;
  if (draft.kind === "leave") return notMember(state, step);
  if (state.closed) return fault("room_closed", "room: expected one that is open to writing");
  if (state.readOnly) return fault("room_read_only", "room: expected one whose every rule is known here");
  // A new device of a member begins with this one.
  if (draft.kind === "device") return undefined;
  return notMember(state, step) ?? (draft.chain === "content" ? aboutTarget(state, step, draft) : undefined);
}

function notMember(state: RoomState, step: LogStep): Fault | undefined {
  const { self } = step.memory;
  const account = state.accountOf(self);
  const member = account === undefined ? undefined : state.memberByAccount.get(account);
  if (member?.devices.includes(self) === true) return undefined;
  const former = account === undefined ? undefined : state.formerByAccount.get(account);
  return former?.kind === "removed"
    ? fault("removed", "account: expected one that was not removed")
    : fault("not_member", "account: expected a member");
}

type Said = Extract<Draft, { chain: "content" }>;

/** What is said about another entry needs it here, and the right to say so. */
function aboutTarget(state: RoomState, step: LogStep, draft: Said): Fault | undefined {
  if (draft.kind === "message") return undefined;
  const { self } = step.memory;
  const target = step.placeOf(draft.body.target) === undefined ? undefined : step.headerOf(draft.body.target);
  if (target?.chain !== "content") return fault("message_missing", "target: expected a message that is here");
  if (draft.kind === "edit" && !isSameAccount(state, self, target.author)) {
    return fault("not_allowed", "target: expected one's own message");
  }
  if (draft.kind === "delete" && !mayDelete(state, { author: self, auth: state.heads }, target.author)) {
    return fault("not_allowed", "target: expected one's own message, or one of somebody of lower rank");
  }
  return undefined;
}

/** Why an entry that was written cannot stand. */
export function whyNotEntry(state: RoomState, step: LogStep, { header, id }: OpenedEntry): Fault | undefined {
  if (header.chain === "control") {
    return state.voidIds.has(id) ? fault("not_allowed", "account: expected one with the right to do that") : undefined;
  }
  if (!isWithin(state.spans(header.author, "content"), header.seq)) {
    return fault("not_member", "device: expected one that may write here");
  }
  const quota = state.genesis?.quotaBytes ?? null;
  const bytes = (step.tip(header.author, "content")?.bytes ?? 0) + header.bodySize;
  return quota !== null && bytes > quota
    ? fault("limit_reached", `room: limit ${quota} bytes for each device`)
    : undefined;
}
