import { type OpenedStatement, compareStatements, deviceForTlsKey } from "@papo/link";
import { type Fault, type Outcome, fail, fault, succeed } from "@papo/protocol";
import type { OfferedIdentity } from "./offered-identity.ts";

export type IdentityDecision = {
  /** `keep`: what is stored stays. `take`: the account's first root. `advance`: a newer statement of its root. `replace`: another root. */
  readonly kind: "keep" | "take" | "advance" | "replace";
};

export type IdentityCase = {
  readonly stored: OpenedStatement | null;
  /** The hash crossed the network in clear once. */
  readonly weak: boolean;
  readonly offered: OfferedIdentity;
  /** Whether the right password came along, and what else was asked for. */
  readonly by: "key" | "password" | "password_new_identity";
};

/** Which root and statement an account has after a login. Pure. docs/protocol/tracker.md §3.2 */
export function decideIdentity(it: IdentityCase): Outcome<IdentityDecision> {
  if (it.stored === null) return it.by === "key" ? refuseKey() : succeed({ kind: "take" });
  if (it.stored.statement.account !== it.offered.statement.account) return decideOtherRoot(it);
  return decideSameRoot(it, it.stored);
}

function decideOtherRoot({ by, weak }: IdentityCase): Outcome<IdentityDecision> {
  if (by === "key") return refuseKey();
  if (by === "password") return fail("identity_required", "a device of the account, or newIdentity");
  if (weak) return fail("identity_weak", "an account whose password never crossed in clear");
  return succeed({ kind: "replace" });
}

function decideSameRoot({ offered }: IdentityCase, stored: OpenedStatement): Outcome<IdentityDecision> {
  switch (compareStatements(stored, offered)) {
    case "newer":
      return succeed({ kind: "advance" });
    case "same":
      return succeed({ kind: "keep" });
    case "theft":
      return refuse(fault("statement_invalid", "one statement of each version"), stored);
    case "older": {
      // The newest that we know decides whose device this is, not the one that it likes to show.
      const isListed = deviceForTlsKey(stored.statement, offered.device.tls).ok;
      if (isListed) return succeed({ kind: "keep" });
      return refuse(fault("statement_stale", "a newer statement of the account"), stored);
    }
  }
}

/**
 * Whoever offers another statement of the same root for this very channel has the root's key, or is a device of it: it is told the newest
 * statement, so that it can sign the one that follows. That is how somebody who has only the root's words comes back.
 */
function refuse(reason: Fault, { signed }: OpenedStatement): Outcome<IdentityDecision> {
  return { ok: false, fault: { ...reason, statement: signed } };
}

function refuseKey(): Outcome<IdentityDecision> {
  return fail("invalid_credentials", "a known name and its device");
}
