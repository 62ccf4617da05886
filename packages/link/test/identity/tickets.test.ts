// Goal: a ticket is its tracker's word for one room and account, and a request to unlatch the account's own; neither passes for anything else.
// Method: true ones, and each changed in one way, signed by another or for another purpose.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createAccountKey,
  createTrackerKey,
  openBinding,
  openRoomTicket,
  openUnlatch,
  signBinding,
  signRoomTicket,
  signText,
  signUnlatch,
} from "@papo/link";
import {
  BINDING_BYTES_MAX,
  type RoomTicket,
  SIGNATURE_CONTEXTS,
  type SignedText,
  type UnlatchText,
} from "@papo/protocol";

const DATE = "2026-11-20T12:00:00.000Z";
const tracker = createTrackerKey();
const account = createAccountKey();
const other = createTrackerKey();
const stranger = createAccountKey();

const ticket = {
  ...{ v: 1, tracker: tracker.publicKey, room: "B".repeat(42) + "A", account: account.publicKey },
  ...{ name: "gabi", date: DATE },
} as RoomTicket;
const request = {
  v: 1,
  account: account.publicKey,
  tracker: tracker.publicKey,
  name: "gabi",
  date: DATE,
} as UnlatchText;

function altered(signed: SignedText, change: (text: string) => string): SignedText {
  return { ...signed, text: change(signed.text) };
}

test("P3: a ticket opens as it was signed, for its tracker only", () => {
  const signed = signRoomTicket(tracker, ticket);
  assert.deepEqual(openRoomTicket(signed, tracker.publicKey), { ok: true, value: ticket });
  assert.equal(openRoomTicket(signed, other.publicKey).ok, false);
  // Another tracker's word, in the first one's name.
  const forged = signText(other, SIGNATURE_CONTEXTS.roomTicket, signed.text);
  assert.equal(openRoomTicket(forged, tracker.publicKey).ok, false);
  const ofOther = signText(
    tracker,
    SIGNATURE_CONTEXTS.roomTicket,
    signed.text.replace(tracker.publicKey, other.publicKey),
  );
  assert.equal(openRoomTicket(ofOther, tracker.publicKey).ok, false);
  for (const change of [
    (text: string) => text.replace("gabi", "gabe"),
    (text: string) => text.replace("BBBB", "CBBB"),
    (text: string) => text.replace("2026", "2027"),
    (text: string) => `${text} `,
    (text: string) => text.replace("{", '{"v":1,'),
    (text: string) => text.replace("}", `,"x":"${"y".repeat(BINDING_BYTES_MAX)}"}`),
  ]) {
    assert.equal(openRoomTicket(altered(signed, change), tracker.publicKey).ok, false);
  }
});

test("P3: a ticket is no binding, and a binding no ticket", () => {
  const signed = signRoomTicket(tracker, ticket);
  assert.equal(openBinding(signed, tracker.publicKey).ok, false);
  const { v, name, date } = ticket;
  const binding = signBinding(tracker, { v, tracker: tracker.publicKey, name, account: account.publicKey, date });
  assert.equal(openRoomTicket(binding, tracker.publicKey).ok, false);
});

test("P3: a request to unlatch opens as it was signed, for its account only", () => {
  const signed = signUnlatch(account, request);
  assert.deepEqual(openUnlatch(signed, account.publicKey), { ok: true, value: request });
  assert.equal(openUnlatch(signed, stranger.publicKey).ok, false);
  const inHerName = signText(stranger, SIGNATURE_CONTEXTS.unlatch, signed.text);
  assert.equal(openUnlatch(inHerName, account.publicKey).ok, false);
  assert.equal(openUnlatch(inHerName, stranger.publicKey).ok, false);
  const otherwise = signText(account, SIGNATURE_CONTEXTS.accountStatement, signed.text);
  assert.equal(openUnlatch(otherwise, account.publicKey).ok, false);
  assert.equal(
    openUnlatch(
      altered(signed, (text) => text.replace("gabi", "nori")),
      account.publicKey,
    ).ok,
    false,
  );
});

test("we sign tickets and requests only as ourselves", () => {
  assert.throws(() => signRoomTicket(other, ticket), TypeError);
  assert.throws(() => signUnlatch(stranger, request), TypeError);
});
