// Goal: every implementation gives a private message the same id. Method: golden messages, which are data for any other implementation too; and that
// each field counts.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { accountKey, deviceKey, messageId } from "@papo/protocol";
import * as v from "valibot";
import { privateId } from "../../../src/conversations/private/private-id.ts";

const vector = v.object({
  name: v.string(),
  from: accountKey,
  device: deviceKey,
  to: accountKey,
  seq: v.number(),
  prev: v.nullable(messageId),
  sent: v.string(),
  supersedes: v.optional(v.object({ device: deviceKey, id: messageId })),
  content: v.string(),
  id: messageId,
});
const file = new URL("../../../../protocol/test/vectors/private-ids.json", import.meta.url);
const { messages } = v.parse(v.object({ messages: v.array(vector) }), JSON.parse(readFileSync(file, "utf8")));

for (const { name, from, device, to, id, ...text } of messages) {
  test(`the id of ${name}`, () => {
    assert.equal(privateId({ from, device, to }, text), id);
  });

  test(`P12: nothing in ${name} can change under its id`, () => {
    const chain = { from, device, to };
    const others = [
      privateId({ ...chain, from: to }, text),
      privateId({ ...chain, to: from }, text),
      privateId(chain, { ...text, seq: text.seq + 1 }),
      privateId(chain, { ...text, prev: text.prev === null ? id : null }),
      privateId(chain, { ...text, sent: `${text.sent}Z` }),
      privateId(chain, { ...text, content: `${text.content}.` }),
      privateId(chain, { ...text, supersedes: text.supersedes === undefined ? { device, id } : undefined }),
    ];
    assert.equal(new Set([id, ...others]).size, others.length + 1);
  });
}
