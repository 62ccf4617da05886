import type { Fault } from "@papo/protocol";

/**
 * One device that we want a link with.
 *
 *   resting ──want──▶ queued ──turn──▶ dialling ──linked──▶ linked
 *                       ▲                 │                    │
 *                       └──retry── waiting ◀──failed── / ──lost┘
 *
 * `linked` also comes from a link that the other side dialled, whatever we were doing. `unwant` leads to `resting` from
 * anywhere but `linked`: a link that stands is not cut because a list no longer names it.
 */
export type ContactState =
  | { readonly kind: "resting" }
  | { readonly kind: "queued"; readonly failures: number }
  | { readonly kind: "dialling"; readonly failures: number }
  | { readonly kind: "waiting"; readonly failures: number; readonly reason: Fault }
  | { readonly kind: "linked"; readonly failures: number; readonly sinceMs: number };

export type ContactEvent =
  | { readonly kind: "want" }
  | { readonly kind: "unwant" }
  /** New addresses: what failed at the old ones says nothing of these. */
  | { readonly kind: "moved" }
  | { readonly kind: "turn" }
  | { readonly kind: "linked"; readonly nowMs: number }
  | { readonly kind: "failed"; readonly reason: Fault }
  | { readonly kind: "lost"; readonly reason: Fault; readonly nowMs: number; readonly wanted: boolean }
  | { readonly kind: "retry" };

type ContactEffect = "queue" | "dial" | "cancel_dial" | "wait" | "cancel_wait";

export type ContactStep = { readonly state: ContactState; readonly effects: readonly ContactEffect[] };

/** Pure. The mesh owns sockets and timers and performs the effects in order. `resetAfterMs`: a link that lived this long forgets the failures before it. */
export function stepContact(state: ContactState, event: ContactEvent, resetAfterMs: number): ContactStep {
  if (event.kind === "unwant")
    return state.kind === "linked" ? stay(state) : go({ kind: "resting" }, ...givingUp(state));
  if (event.kind === "linked") return link(state, event.nowMs);

  switch (state.kind) {
    case "resting":
      return event.kind === "want" ? go({ kind: "queued", failures: 0 }, "queue") : stay(state);
    case "queued":
      return event.kind === "turn" ? go({ kind: "dialling", failures: state.failures }, "dial") : stay(state);
    case "dialling":
      if (event.kind === "moved") return go({ kind: "queued", failures: 0 }, "cancel_dial", "queue");
      return event.kind === "failed" ? retreat(state.failures + 1, event.reason) : stay(state);
    case "waiting":
      if (event.kind === "retry") return go({ kind: "queued", failures: state.failures }, "queue");
      return event.kind === "moved" ? go({ kind: "queued", failures: 0 }, "cancel_wait", "queue") : stay(state);
    case "linked": {
      if (event.kind !== "lost") return stay(state);
      if (!event.wanted) return go({ kind: "resting" });
      const settled = event.nowMs - state.sinceMs >= resetAfterMs;
      return retreat(settled ? 1 : state.failures + 1, event.reason);
    }
  }
}

function link(state: ContactState, nowMs: number): ContactStep {
  if (state.kind === "linked") return stay(state);
  const failures = state.kind === "resting" ? 0 : state.failures;
  return go(
    { kind: "linked", failures, sinceMs: nowMs },
    ...(state.kind === "waiting" ? ["cancel_wait" as const] : []),
  );
}

/**
 * Only for `unwant`. When the other side's link comes first a dial under way goes on: if both ends cancelled theirs, both
 * links would be gone. They choose between the two instead (link-choice.ts).
 */
function givingUp(state: ContactState): ContactEffect[] {
  if (state.kind === "dialling") return ["cancel_dial"];
  return state.kind === "waiting" ? ["cancel_wait"] : [];
}

function retreat(failures: number, reason: Fault): ContactStep {
  return go({ kind: "waiting", failures, reason }, "wait");
}

function go(state: ContactState, ...effects: ContactEffect[]): ContactStep {
  return { state, effects };
}

function stay(state: ContactState): ContactStep {
  return { state, effects: [] };
}
