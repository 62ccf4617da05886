import { openUnlatch } from "@papo/link";
import {
  type AccountKey,
  type Outcome,
  type SignedText,
  type TrackerKey,
  UNLATCH_SKEW_MS,
  type Username,
  fail,
  succeed,
} from "@papo/protocol";

/** Whose request it must be, where, and when. */
export type UnlatchExpectation = {
  readonly account: AccountKey;
  readonly username: Username;
  readonly tracker: TrackerKey;
  /** By the tracker's clock, milliseconds since 1970. */
  readonly nowMs: number;
};

/** The date of the request: it is signed by the account's root, for this tracker and this name, and of today, so that one that was overheard is of no use later or elsewhere. */
export function readUnlatch(request: SignedText, expected: UnlatchExpectation): Outcome<number> {
  const opened = openUnlatch(request, expected.account);
  if (!opened.ok) return opened;
  const { tracker, name, date } = opened.value;
  if (tracker !== expected.tracker) return fail("invalid_message", "tracker: expected this one's key");
  if (name !== expected.username) return fail("invalid_message", "name: expected the session's own");
  const dateMs = Date.parse(date);
  const isNear = Math.abs(dateMs - expected.nowMs) <= UNLATCH_SKEW_MS;
  return isNear ? succeed(dateMs) : fail("statement_stale", "date: expected one near the tracker's clock");
}
