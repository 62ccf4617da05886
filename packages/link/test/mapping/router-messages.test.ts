// Goal: what goes to a router and comes from it is PCP and NAT-PMP as their RFCs have it, and nothing that anybody sends instead is taken for an answer.
// Method: the bytes of RFC 6887 §11 and RFC 6886 §3.3 written out; damaged and random answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type RouterRequest,
  natPmpRequest,
  pcpRequest,
  readNatPmpAnswer,
  readPcpAnswer,
} from "../../src/mapping/router-messages.ts";

const request: RouterRequest = {
  client: "192.168.1.20",
  nonce: Uint8Array.from({ length: 12 }, (_, index) => index + 1),
  port: 0x9c40,
  outside: 0x9c41,
  lifetimeSeconds: 3600,
};
const NONCE = "0102030405060708090a0b0c";
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

test("a request in PCP", () => {
  const expected = [
    "02 01 0000 00000e10 00000000000000000000ffffc0a80114",
    `${NONCE} 06 000000 9c40 9c41 00000000000000000000ffff00000000`,
  ];
  assert.deepEqual(Buffer.from(pcpRequest(request)), hex(expected.join("")));
});

test("a request in NAT-PMP; one that gives back names no port outside", () => {
  assert.deepEqual(Buffer.from(natPmpRequest(request)), hex("00 02 0000 9c40 9c41 00000e10"));
  assert.deepEqual(
    Buffer.from(natPmpRequest({ ...request, lifetimeSeconds: 0 })),
    hex("00 02 0000 9c40 0000 00000000"),
  );
});

const pcpAnswer = (change: { readonly code?: string; readonly port?: string; readonly nonce?: string } = {}): Buffer =>
  hex(
    `02 81 00 ${change.code ?? "00"} 00000708 00000001 000000000000000000000000 ${change.nonce ?? NONCE} 06 000000 ` +
      `${change.port ?? "9c40"} c350 00000000000000000000ffff0b162109`,
  );

test("an answer in PCP", () => {
  assert.deepEqual(readPcpAnswer(pcpAnswer(), request), {
    kind: "granted",
    port: 50_000,
    address: "11.22.33.9",
    lifetimeSeconds: 1800,
  });
  assert.deepEqual(readPcpAnswer(pcpAnswer({ code: "02" }), request), { kind: "refused", code: 2 });
  assert.deepEqual(readPcpAnswer(pcpAnswer({ code: "01" }), request), { kind: "older" });
  assert.deepEqual(readPcpAnswer(hex("00 81 0001"), request), { kind: "older" }, "in the older language");
});

test("an answer to another request is none", () => {
  assert.equal(readPcpAnswer(pcpAnswer({ port: "9c42" }), request), undefined);
  assert.equal(readPcpAnswer(pcpAnswer({ nonce: "00".repeat(12) }), request), undefined);
  assert.equal(readPcpAnswer(pcpAnswer().subarray(0, 40), request), undefined);
  assert.equal(readNatPmpAnswer(hex("00 82 0000 00000001 9c42 c350 00000708"), request), undefined);
  assert.equal(readNatPmpAnswer(hex("00 81 0000 00000001 9c40 c350 00000708"), request), undefined);
});

test("an answer in NAT-PMP, and one with a port that nobody would dial", () => {
  const answer = { kind: "granted", port: 50_000, address: null, lifetimeSeconds: 1800 };
  assert.deepEqual(readNatPmpAnswer(hex("00 82 0000 00000001 9c40 c350 00000708"), request), answer);
  assert.deepEqual(readNatPmpAnswer(hex("00 82 0003 00000001"), request), { kind: "refused", code: 3 });
  assert.deepEqual(readNatPmpAnswer(hex("00 82 0000 00000001 9c40 0016 00000708"), request), {
    kind: "refused",
    code: 0,
  });
});

test("no datagram whatever makes reading it throw", () => {
  const damaged = fc.tuple(fc.nat(59), fc.nat(255), fc.nat(60)).map(([place, value, end]) => {
    const bytes = pcpAnswer();
    bytes[place] = value;
    return bytes.subarray(0, end);
  });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 80 })), (bytes) => {
      for (const read of [readPcpAnswer, readNatPmpAnswer]) {
        const answer = read(bytes, request);
        if (answer?.kind === "granted") assert.ok(answer.port >= 1024 && answer.port <= 65_535);
      }
    }),
    { numRuns: 2_000 },
  );
});
