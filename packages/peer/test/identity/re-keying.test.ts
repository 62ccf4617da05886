// Goal: a device that was refused goes on as the right one: as another where it is about twice or revoked, as itself in a newer statement where it is only not listed,
// and not at all for the sake of somebody who may say anything.
// Method: real keys and signatures, and every refusal a tracker or a liar could bring.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type OpenedStatement, createAccountKey } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import { type Fault, type FaultCode, type SignedText, fault } from "@papo/protocol";
import { nextStatement } from "../../src/identity/next-statement.ts";
import {
  type OwnAccount,
  createDeviceKeys,
  createKeys,
  firstStatement,
  signOwnStatement,
} from "../../src/identity/own-account.ts";
import { mayBeMended, remedyFor } from "../../src/identity/re-keying.ts";
import { expectOk, named } from "../world-fixture.ts";

const AT = "2026-11-21T12:00:00.000Z";
const phone = createKeys();
const { root } = phone;
const laptop = createDeviceKeys(root);
const tablet = createDeviceKeys(root);
const v1 = firstStatement(phone, new VirtualClock());
const v2 = expectOk(nextStatement(root, v1, { add: [laptop], at: AT }));
const v3 = expectOk(nextStatement(root, v2, { revoke: [phone.device.publicKey], at: AT }));

function own(keys: typeof phone, statement: OpenedStatement): OwnAccount {
  return { username: named("gabi"), keys, statement, binding: null };
}

function refusal(code: FaultCode, statement?: SignedText): Fault {
  return statement === undefined ? fault(code, "") : { ...fault(code, ""), statement };
}

test("F15: a copy gets other keys, on top of the newest statement that it is shown", () => {
  const here = own(phone, v1);
  assert.deepEqual(remedyFor(here, v1.signed, refusal("profile_copied")), { kind: "rekey", newest: undefined });
  assert.deepEqual(remedyFor(here, v1.signed, refusal("statement_stale", v3.signed)), { kind: "rekey", newest: v3 });
});

test("who has nothing but the root, or a backup, is listed with the keys that it has", () => {
  const words = own(tablet, firstStatement(tablet, new VirtualClock()));
  for (const code of ["statement_stale", "statement_invalid"] as const)
    assert.deepEqual(remedyFor(words, undefined, refusal(code, v3.signed)), { kind: "list", newest: v3 });
  const backup = own(tablet, expectOk(nextStatement(root, v1, { add: [tablet], at: AT })));
  assert.deepEqual(remedyFor(backup, v1.signed, refusal("statement_invalid", v2.signed)), { kind: "list", newest: v2 });
});

test("T35: another account's statement, a forged one and one older than was taken move nobody", () => {
  const here = own(laptop, v2);
  const stranger = createKeys();
  const theirs = firstStatement(stranger, new VirtualClock());
  const other = createAccountKey();
  const foreign = signOwnStatement(other, { ...v3.statement, account: other.publicKey });
  const forged = { ...v3.signed, text: v3.signed.text.replace('"version":3', '"version":4') };
  for (const code of ["statement_stale", "statement_invalid"] as const) {
    for (const statement of [theirs.signed, foreign.signed, forged, v1.signed, undefined])
      assert.equal(remedyFor(here, v2.signed, refusal(code, statement)), undefined);
  }
  // A copy is told so in any case; what else came with it does not count.
  const copied = remedyFor(here, v2.signed, refusal("profile_copied", v1.signed));
  assert.deepEqual(copied, { kind: "rekey", newest: undefined });
  for (const code of ["invalid_credentials", "replaced", "identity_required"] as const)
    assert.equal(remedyFor(here, v2.signed, refusal(code, v3.signed)), undefined);
});

test("a session ends for good unless something here can mend it", () => {
  assert.equal(mayBeMended(refusal("profile_copied")), true);
  assert.equal(mayBeMended(refusal("statement_stale", v3.signed)), true);
  assert.equal(mayBeMended(refusal("statement_stale")), false);
  assert.equal(mayBeMended(refusal("replaced")), false);
});
