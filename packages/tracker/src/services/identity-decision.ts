import { type OpenedStatement, compareStatements, deviceForTlsKey } from "@papo/link";
import { type Outcome, fail, succeed } from "@papo/protocol";
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
      return fail("statement_invalid", "one statement of each version");
    case "older": {
      // The newest that we know decides whose device this is, not the one that it likes to show.
      const isListed = deviceForTlsKey(stored.statement, offered.device.tls).ok;
      return isListed ? succeed({ kind: "keep" }) : fail("statement_stale", "a newer statement of the account");
    }
  }
}

function refuseKey(): Outcome<IdentityDecision> {
  return fail("invalid_credentials", "a known name and its device");
}
