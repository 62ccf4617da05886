// Goal: in a room too large for everybody to be linked with everybody every entry reaches all who work, over few copies, also where a tenth has failed without
// anybody having noticed, and where somebody links with everybody, takes everything and passes on nothing.
// Method: the real sync over a log without cryptography, links of 1 ms on virtual time. PAPO_CROWD=1000 does it with so many members and prints what it took.
import assert from "node:assert/strict";
import { test } from "node:test";
import { COPIES_EACH_MAX, type Crowd, spreadIn } from "./crowd.ts";

const MEMBERS = Number(process.env["PAPO_CROWD"] ?? 60);
const PRINTS = process.env["PAPO_CROWD"] !== undefined;
/** A hop is 1 ms and its commit 2 ms; whoever is not reached by them gets it after the first offer, or the second. */
const REACHED_WITHIN_MS = 5_000;

const plain: Crowd = { members: MEMBERS, failing: 0, attackers: 0, entries: 3, seed: 1 };

const CROWDS: Readonly<Record<string, Crowd>> = {
  "everybody works": plain,
  "one in ten has failed": { ...plain, failing: Math.ceil(MEMBERS / 10) },
  "one in twenty links with everybody and passes nothing on": { ...plain, attackers: Math.ceil(MEMBERS / 20) },
};

for (const [name, crowd] of Object.entries(CROWDS)) {
  test(`I1, I5: a crowd: ${name}, and every entry reaches all who work over few copies`, async (context) => {
    const spread = await spreadIn(crowd);
    if (PRINTS) context.diagnostic(JSON.stringify(spread));
    assert.ok(spread.copiesEach <= COPIES_EACH_MAX, `${spread.copiesEach} copies for each member`);
    assert.ok(spread.slowestMs <= REACHED_WITHIN_MS, `${spread.slowestMs} ms until all had it`);
  });
}
