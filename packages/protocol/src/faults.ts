import type { SignedText } from "./identity/signed-text.ts";

/**
 * What can go wrong between programs, as a closed list. docs/protocol/faults.md has a row for each.
 *
 * `retry` says what helps: `never` (the same request fails again), `later` (the same request may succeed),
 * `change` (something in the request or the account must change first).
 */
export const FAULTS = {
  // what arrived is not the language
  frame_too_large: "never",
  not_json: "never",
  json_too_deep: "never",
  duplicate_key: "never",
  forbidden_key: "never",
  bad_text: "never",
  invalid_message: "never",
  unknown_command: "never",
  unsupported: "never",
  timeout: "later",
  // accounts
  login_required: "change",
  already_logged_in: "change",
  invalid_credentials: "change",
  name_taken: "change",
  name_not_allowed: "change",
  identity_required: "change",
  identity_weak: "change",
  statement_invalid: "change",
  statement_stale: "change",
  profile_copied: "change",
  // rooms
  room_exists: "change",
  room_missing: "change",
  room_full: "later",
  room_name_not_allowed: "change",
  room_kind_refused: "change",
  not_member: "change",
  not_owner: "change",
  room_read_only: "change",
  room_closed: "change",
  removed: "change",
  not_allowed: "change",
  message_missing: "change",
  invite_invalid: "change",
  limit_reached: "change",
  // peers
  not_accepted: "later",
  peer_missing: "change",
  peer_offline: "later",
  wrong_recipient: "later",
  identity_changed: "change",
  plaintext_refused: "change",
  unreachable: "later",
  // the connection
  replaced: "change",
  slow_down: "later",
  busy: "later",
  draining: "later",
  idle: "later",
  dead: "later",
  too_slow: "later",
  lost: "later",
  closed: "change",
  tracker_unreachable: "later",
  tracker_key_changed: "change",
  storage_failed: "later",
  words_invalid: "change",
  backup_unreadable: "change",
} as const;

export type FaultCode = keyof typeof FAULTS;
export type Retry = (typeof FAULTS)[FaultCode];

/**
 * A mistake as a value. `detail` says what was expected, in English, for logs; it never repeats what came in. `statement` comes with a login
 * that was refused for its statement: the newest that the tracker has of that account, to be verified like any other.
 */
export type Fault = {
  readonly code: FaultCode;
  readonly detail: string;
  readonly retryAfterMs?: number;
  /** Of a dial that failed, what the system said of it. `no-route`: this machine has no way to that kind of address. Never on the wire. */
  readonly socket?: "refused" | "no-route";
  readonly statement?: SignedText;
  /** With `profile_copied`: what the other copy of this device has signed. */
  readonly proof?: SignedText;
};

export const FAULT_CODES = Object.keys(FAULTS) as readonly FaultCode[];

export function fault(code: FaultCode, detail: string): Fault {
  return { code, detail };
}

/** What every decoder and every request gives back. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

export function succeed<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function fail(code: FaultCode, detail: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: { code, detail } };
}
