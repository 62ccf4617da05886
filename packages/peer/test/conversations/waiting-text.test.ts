// Goal: text that waits goes to one key only, and text that strangers make us keep is bounded in bytes.
// Method: the outbox and the messages kept aside on their own, with links that are only a party.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "@papo/link/memory";
import {
  EARLY_BYTES_MAX,
  MESSAGE_CONTENT_BYTES_MAX,
  QUARANTINED_BYTES_MAX,
  TIMELINES_BYTES_MAX,
  TIMELINE_BYTES_MAX,
} from "@papo/protocol";
import type { Conversation, Message } from "../../src/api.ts";
import { KeptAside } from "../../src/conversations/kept-aside.ts";
import { newMessageId } from "../../src/conversations/message-id.ts";
import { Outbox, type Parcel } from "../../src/conversations/outbox.ts";
import { Timelines } from "../../src/conversations/timelines.ts";
import type { PeerLink } from "../../src/mesh/peer-link.ts";
import { keysFor, named } from "../world-fixture.ts";

const random = seededRandom(1);

function partyOf(name: string, keys = name): Pick<PeerLink, "party"> {
  const { root, device } = keysFor(keys).keys;
  return { party: { username: named(name), account: root.publicKey, device: device.publicKey } };
}

function parcel(content: string): Parcel {
  return { kind: "message", id: newMessageId(random), room: null, content, sent: "2026-11-20T12:00:00Z" };
}

test("I14: what was written before any key was known, and went to one, goes to no other", () => {
  const outbox = new Outbox<Pick<PeerLink, "party">>();
  const said = parcel("are you there?");
  outbox.add({ username: named("nori"), account: null }, said);
  const [first, other] = [partyOf("nori"), partyOf("nori", "another nori")];
  assert.deepEqual(outbox.pendingFor(first.party, "waiting"), [said]);
  outbox.wentOver(first, named("nori"), said.id);
  outbox.linkEnded(first, named("nori"));
  assert.deepEqual(outbox.pendingFor(other.party, "all"), []);
  assert.deepEqual(outbox.pendingFor(first.party, "waiting"), [said]);
});

/** Only the party of a link is looked at here. */
function linkOf(name: string): PeerLink {
  return partyOf(name, "mallory") as PeerLink;
}

test("I11: early and quarantined texts are bounded in bytes, however many names there are", () => {
  const aside = new KeptAside();
  const long = "x".repeat(MESSAGE_CONTENT_BYTES_MAX);
  const message = () => ({ ...parcel(long), room: null });
  const link = linkOf("mallory");
  for (let count = 0; count < 64; count += 1) aside.early(link, message());
  const early = aside.takeEarly().reduce((sum, kept) => sum + kept.message.content.length, 0);
  assert.ok(early > 0 && early <= EARLY_BYTES_MAX);

  const names = Array.from({ length: 20 }, (_, index) => `nori${index}`);
  for (const name of names) for (let count = 0; count < 64; count += 1) aside.quarantine(linkOf(name), message());
  const kept = names.flatMap((name) => aside.takeQuarantined(named(name)));
  const bytes = kept.reduce((sum, { message: { content } }) => sum + content.length, 0);
  assert.ok(bytes > 0 && bytes <= QUARANTINED_BYTES_MAX);
});

test("I11: what is shown is kept within bounds of bytes, the newest of it", () => {
  const timelines = new Timelines();
  const long = "x".repeat(MESSAGE_CONTENT_BYTES_MAX);
  const chats = Array.from(
    { length: 40 },
    (_, index): Conversation => ({ kind: "private", username: named(`nori${index}`) }),
  );
  let last: Message | undefined;
  for (const conversation of chats) {
    for (let count = 0; count < 70; count += 1) {
      const common = {
        id: newMessageId(random),
        conversation,
        author: named("nori"),
        own: false,
        content: long,
        atMs: 0,
      };
      last = { ...common, encrypted: true, delivery: null };
      timelines.put(last);
    }
  }
  const bytes = chats.map((chat) => timelines.messages(chat).reduce((sum, { content }) => sum + 2 * content.length, 0));
  assert.ok(bytes.every((one) => one <= TIMELINE_BYTES_MAX));
  assert.ok(bytes.reduce((sum, one) => sum + one, 0) <= TIMELINES_BYTES_MAX);
  assert.equal(bytes.at(-1), TIMELINE_BYTES_MAX);
  assert.equal(timelines.messages(chats.at(-1) ?? assert.fail()).at(-1), last);
});
