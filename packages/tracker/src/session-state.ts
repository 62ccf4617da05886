import { type Fault, MISTAKES_MAX, fault } from "@papo/protocol";
import type { Standing } from "./dispatch.ts";

/**
 *   greeting ──greeted──▶ anonymous ──admitted──▶ member
 *      └──refused or mistaken too often, silent too long──▶ closed ◀── close: from anywhere, finally
 *
 * A seed session begins as anonymous: it has no greeting.
 */
export type SessionState =
  | { readonly kind: "greeting"; readonly refusals: number; readonly mistakes: number }
  | { readonly kind: "anonymous"; readonly refusals: number; readonly mistakes: number }
  | { readonly kind: "member"; readonly mistakes: number }
  | { readonly kind: "closed"; readonly reason: Fault };

export type SessionEvent =
  | { readonly kind: "greeted" }
  | { readonly kind: "admitted" }
  /** A login that failed, or a command that may not come before it. */
  | { readonly kind: "refused"; readonly fault: Fault }
  /** Not the language. */
  | { readonly kind: "mistaken"; readonly fault: Fault }
  | { readonly kind: "understood" }
  | { readonly kind: "close"; readonly reason: Fault };

/** Pure. The session that drives it closes its link as soon as the state is `closed`. */
export function step(state: SessionState, event: SessionEvent, refusalsMax: number): SessionState {
  if (state.kind === "closed") return state;
  switch (event.kind) {
    case "close":
      return { kind: "closed", reason: event.reason };
    case "greeted":
      return state.kind === "greeting" ? { ...state, kind: "anonymous" } : state;
    case "admitted":
      return { kind: "member", mistakes: state.mistakes };
    case "understood":
      return { ...state, mistakes: 0 };
    case "mistaken": {
      const mistakes = state.mistakes + 1;
      return mistakes >= MISTAKES_MAX ? { kind: "closed", reason: event.fault } : { ...state, mistakes };
    }
    case "refused":
      return refuse(state, event.fault, refusalsMax);
  }
}

function refuse(state: SessionState, reason: Fault, refusalsMax: number): SessionState {
  if (state.kind !== "greeting" && state.kind !== "anonymous") return state;
  const refusals = state.refusals + 1;
  return refusals >= refusalsMax ? { kind: "closed", reason } : { ...state, refusals };
}

/** Undefined when a caller in this state may call what asks for `who`. */
export function objection(state: SessionState, who: Standing): Fault | undefined {
  switch (state.kind) {
    case "closed":
      return fault("closed", "an open session");
    case "greeting":
      return who === "stranger" ? undefined : fault("login_required", "HELLO first");
    case "anonymous":
      if (who === "newcomer" || who === "anybody") return undefined;
      return who === "stranger"
        ? fault("invalid_message", "HELLO once")
        : fault("login_required", "LOGIN or REGISTER first");
    case "member":
      if (who === "member" || who === "anybody") return undefined;
      return who === "stranger" ? fault("invalid_message", "HELLO once") : fault("already_logged_in", "LOGOUT first");
  }
}
