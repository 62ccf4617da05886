import { type Fault, FAULTS, fault } from "@papo/protocol";

/**
 * The life of the session with a tracker.
 *
 *   idle ──start──▶ connecting ──opened──▶ online
 *    ▲                │   ▲ ▲                 │
 *    │              failed │ └──────lost──────┤ (first redial is a wait as well: all clients lose a tracker together)
 *    │                ▼   │ retry             │
 *    └──stop──    waiting ┘                   └─ lost, and nothing to retry ──▶ refused
 *
 * `stop` leads from anywhere to `idle`, `renew` from `waiting` to `connecting` as if nothing had failed before. Before the first success nothing is retried: the person is asked instead, unless the account can be used without
 * a tracker. Then what time can mend is waited for as after a success, and so is a first attempt that takes too long (`alone`).
 */
export type SessionState =
  | { readonly kind: "idle" }
  | { readonly kind: "connecting"; readonly failures: number; readonly first: FirstAttempt }
  | { readonly kind: "online"; readonly failures: number; readonly sinceMs: number }
  | { readonly kind: "waiting"; readonly failures: number; readonly reason: Fault }
  | { readonly kind: "refused"; readonly reason: Fault };

/** Whether it is the first attempt, and then whether its failure is the `person`'s to handle or there is life `without` a tracker. */
export type FirstAttempt = "person" | "without" | false;

export type SessionEvent =
  | { readonly kind: "start"; readonly first?: Exclude<FirstAttempt, false> }
  /** Nobody waits for the first attempt any more: it goes on like a later one. */
  | { readonly kind: "alone" }
  | { readonly kind: "opened"; readonly nowMs: number }
  | { readonly kind: "failed"; readonly reason: Fault }
  | { readonly kind: "lost"; readonly reason: Fault; readonly nowMs: number }
  | { readonly kind: "retry" }
  /** This machine is in another network, or awake again, or somebody says that it is worth a try: what failed before says nothing of now. */
  | { readonly kind: "renew" }
  | { readonly kind: "stop" };

export type SessionEffect = "dial" | "wait" | "hang_up";

export type SessionStep = { readonly state: SessionState; readonly effects: readonly SessionEffect[] };

/** Pure. `resetAfterMs`: a session that lived this long forgets the failures before it. */
export function stepSession(state: SessionState, event: SessionEvent, resetAfterMs: number): SessionStep {
  if (event.kind === "stop") return { state: { kind: "idle" }, effects: ["hang_up"] };

  switch (state.kind) {
    case "idle":
    case "refused":
      // In another network another tracker may stand at the same address; in this one it may be ours again.
      if (event.kind === "renew" && isOfNetwork(state)) return afresh();
      if (event.kind !== "start") return stay(state);
      return go({ kind: "connecting", failures: 0, first: event.first ?? "person" }, "dial");
    case "connecting":
      if (event.kind === "opened") return go({ kind: "online", failures: state.failures, sinceMs: event.nowMs });
      if (event.kind === "alone" && state.first === "without") return go({ ...state, first: false });
      // It may be on its way through a network that is gone.
      if (event.kind === "renew" && state.first === false) return afresh("hang_up");
      return event.kind === "failed" ? failed(state, event.reason) : stay(state);
    case "online": {
      if (event.kind !== "lost") return stay(state);
      const settled = event.nowMs - state.sinceMs >= resetAfterMs;
      return retreat(settled ? 1 : state.failures + 1, event.reason);
    }
    case "waiting":
      if (event.kind === "renew") return afresh("hang_up");
      return event.kind === "retry"
        ? go({ kind: "connecting", failures: state.failures, first: false }, "dial")
        : stay(state);
  }
}

function isOfNetwork(state: SessionState): boolean {
  return state.kind === "refused" && state.reason.code === "tracker_key_changed";
}

function afresh(...before: SessionEffect[]): SessionStep {
  return go({ kind: "connecting", failures: 0, first: false }, ...before, "dial");
}

function failed({ first, failures }: Extract<SessionState, { kind: "connecting" }>, reason: Fault): SessionStep {
  if (first === "person" || (first === "without" && FAULTS[reason.code] !== "later"))
    return go({ kind: "idle" }, "hang_up");
  return retreat(failures + 1, first === false ? orLater(reason) : reason);
}

/** A tracker that dies in the middle of a handshake looks like no tracker: one that was there may come back. */
function orLater(reason: Fault): Fault {
  return reason.code === "unsupported" ? fault("tracker_unreachable", reason.detail) : reason;
}

/** What time alone can mend is tried again; anything else is the user's to decide (replaced, a changed key, …). */
function retreat(failures: number, reason: Fault): SessionStep {
  if (FAULTS[reason.code] !== "later") return go({ kind: "refused", reason }, "hang_up");
  return go({ kind: "waiting", failures, reason }, "hang_up", "wait");
}

function go(state: SessionState, ...effects: SessionEffect[]): SessionStep {
  return { state, effects };
}

function stay(state: SessionState): SessionStep {
  return { state, effects: [] };
}
