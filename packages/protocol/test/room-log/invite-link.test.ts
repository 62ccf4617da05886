// Goal: an invite's link reads back as it was written, and no other text is taken for one.
// Method: round trips over arbitrary invites; links that are cut, doubled, changed in one place; arbitrary text.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { keyText } from "../../src/bytes/key-text.ts";
import { accountKey, roomId, roomName, trackerKey, username } from "../../src/ids.ts";
import { INVITE_LINK_CHARS_MAX } from "../../src/limits.ts";
import { type InviteLink, formatInviteLink, looksLikeInvite, parseInviteLink } from "../../src/room-log/invite-link.ts";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }).filter((text) => text.isWellFormed());
const key = bytes32.map(keyText);
const invites: fc.Arbitrary<InviteLink> = fc.record({
  tracker: fc.record({
    dialect: fc.constant("papo" as const),
    host: fc.constantFrom("papo.example.org", "127.0.0.1", "2001:db8::1"),
    port: fc.integer({ min: 1, max: 65_535 }),
    key: fc.option(
      key.map((text) => v.parse(trackerKey, text)),
      { nil: undefined },
    ),
  }),
  room: key.map((text) => v.parse(roomId, text)),
  roomName: name.map((text) => v.parse(roomName, text)),
  seed: bytes32,
  account: key.map((text) => v.parse(accountKey, text)),
  username: name.map((text) => v.parse(username, text)),
  expiresMs: fc.integer({ min: 0, max: 2 ** 48 - 1 }),
});

test("P30: a link reads back as it was written, and survives being pasted with blanks around it", () => {
  fc.assert(
    fc.property(invites, (invite) => {
      const link = formatInviteLink(invite);
      assert.ok(looksLikeInvite(link));
      assert.match(link, /^papo:\/\/[\x21-\x7e]+$/u);
      const read = parseInviteLink(` ${link}\n`);
      assert.deepEqual(read.ok ? read.value : read.fault, { ...invite, tracker: { ...invite.tracker } });
    }),
  );
});

test("I15, P30: a link that lost a piece is refused, and never as something else", () => {
  fc.assert(
    fc.property(invites, fc.nat(), (invite, cut) => {
      const link = formatInviteLink({ ...invite, tracker: { ...invite.tracker, key: undefined } });
      const shorter = link.slice(0, cut % link.length);
      const read = parseInviteLink(shorter);
      assert.equal(read.ok, false);
    }),
  );
});

test("I15: any text gives an invite or a typed refusal that repeats nothing of it", () => {
  const hostile = fc.oneof(
    fc.string(),
    fc.string().map((text) => `papo://h/#i=${text}`),
    fc.base64String({ maxLength: 400 }).map((text) => `papo://h/#i=${text.replaceAll(/[+/=]/gu, "A")}`),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const read = parseInviteLink(text);
      if (!read.ok) assert.ok(["invite_invalid", "unsupported"].includes(read.fault.code));
    }),
  );
});

test("P30: two payloads, two keys, another scheme, a newer version and an endless link are refused", () => {
  const [invite] = fc.sample(invites, 1);
  assert.ok(invite !== undefined);
  const link = formatInviteLink({ ...invite, tracker: { ...invite.tracker, key: undefined } });
  const codes = [
    `${link}&${link.slice(link.indexOf("i="))}`,
    `${link}&k=short`,
    link.replace("papo://", "seed://"),
    link.replace("papo://", "https://"),
    link.replace("#i=AQ", "#i=Ag").replace(/#i=AQ?/u, "#i=Ag"),
    `${link}${"A".repeat(INVITE_LINK_CHARS_MAX)}`,
    `${link}#more`,
  ].map((text) => {
    const read = parseInviteLink(text);
    return read.ok ? "accepted" : read.fault.code;
  });
  assert.deepEqual(
    codes.filter((code) => code === "accepted"),
    [],
  );
  assert.equal(codes[4], "unsupported");
  assert.ok(parseInviteLink(`${link}&z=later`).ok, "what a newer Papo adds is passed over");
});
