// Goal: a ticket is ours or it is nothing; whoever reads one reads what was put in. Method: make, read, and spoil every bit.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { createAccountKey } from "@papo/link";
import { RELAY_TICKETS_REMEMBERED_MAX, TICKET_BYTES, TICKET_LIFETIME_MS } from "@papo/protocol";
import { UsedTickets } from "../../src/relay/used-tickets.ts";
import { TICKET_SECRET_BYTES, Tickets } from "../../src/relay/tickets.ts";

const NOW_MS = Date.UTC(2026, 10, 23, 3);
const secret = randomBytes(TICKET_SECRET_BYTES);
const tickets = new Tickets(secret);

function made(): Buffer {
  const payer = tickets.payerOf(createAccountKey().publicKey);
  const ticket = tickets.make({ purpose: "client", pair: tickets.newPair(), payer }, NOW_MS);
  return Buffer.from(ticket, "base64url");
}

test("what was put in is read by whoever has the secret, and lives as long as a ticket does", () => {
  const { publicKey } = createAccountKey();
  const pair = tickets.newPair();
  const payer = tickets.payerOf(publicKey);
  const ticket = Buffer.from(tickets.make({ purpose: "server", pair, payer }, NOW_MS), "base64url");
  assert.equal(ticket.length, TICKET_BYTES);
  const read = new Tickets(secret).read(ticket);
  assert.deepEqual(read, { purpose: "server", pair, payer, expiresMs: NOW_MS + TICKET_LIFETIME_MS });
  assert.equal(tickets.payerOf(publicKey), payer);
  assert.notEqual(new Tickets(randomBytes(TICKET_SECRET_BYTES)).payerOf(publicKey), payer);
});

test("T34: a ticket with any bit changed, of another secret, of random bytes, or of another length is no ticket", () => {
  const ticket = made();
  for (let bit = 0; bit < TICKET_BYTES * 8; bit += 1) {
    const spoilt = Buffer.from(ticket);
    spoilt.writeUInt8(spoilt.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    assert.equal(tickets.read(spoilt), undefined);
  }
  assert.equal(new Tickets(randomBytes(TICKET_SECRET_BYTES)).read(ticket), undefined);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => tickets.read(bytes) === undefined));
});

test("T34: nothing that a browser can be made to say begins like a ticket", () => {
  for (const said of [
    "POST / HTTP/1.1\r\n",
    "PUT / HTTP/1.1\r\n",
    "PATCH / HTTP/1.1",
    "PRI * HTTP/2.0\r\n",
    "PROPFIND /",
  ]) {
    const expiresMs = Buffer.from(said, "latin1").readUInt32BE(1) * 1_000;
    assert.ok(expiresMs < NOW_MS, `${said} would be a ticket of ${expiresMs}`);
  }
});

test("T34: a used ticket is known until it expires, and then forgotten", () => {
  const used = new UsedTickets();
  used.add("a", 100);
  used.add("b", 150);
  assert.ok(used.has("a", 99));
  assert.equal(used.has("a", 100), false, "by then it is refused for its age");
  assert.ok(used.has("b", 100));
});

test("T34: however many tickets somebody uses up, the memory of them is bounded and a new one is known as used", () => {
  const used = new UsedTickets();
  for (let index = 0; index <= RELAY_TICKETS_REMEMBERED_MAX; index += 1) used.add(`flood ${index}`, 100);
  assert.equal(used.has("flood 0", 0), false, "the oldest is the one that is forgotten");
  assert.ok(used.has(`flood ${RELAY_TICKETS_REMEMBERED_MAX}`, 0));
});
