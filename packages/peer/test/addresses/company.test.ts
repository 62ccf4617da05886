// Goal: asking about many at once gives what asking about each gives, and both are what the rooms and contacts say.
// Method: arbitrary rooms, told by a tracker and by logs, and contacts; a plain model answers beside them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccountKey, Member, Username } from "@papo/protocol";
import fc from "fast-check";
import { Company } from "../../src/addresses/company.ts";
import type { RoomState } from "../../src/conversations/log/room-state.ts";
import type { RoomView } from "../../src/tracker-session/room-view.ts";

const ALL = ["own", "gabi", "nori", "lena", "rui"] as AccountKey[];
const people = fc.subarray(ALL);

function viewOf({ kind, members }: { kind: "plain" | "open"; members: readonly AccountKey[] }): RoomView {
  const memberByName = new Map(
    members.map((account) => [`${account}` as Username, { account } as Partial<Member> as Member]),
  );
  return { room: { kind } as Partial<RoomView["room"]> as RoomView["room"], memberByName };
}

function logOf(members: readonly AccountKey[]): RoomState {
  const memberByAccount = new Map(members.map((account) => [account, { account }]));
  return { memberByAccount } as object as RoomState;
}

test("whoever is listed with us, is in a log with us or is a contact may know where we are, one by one and all at once", () => {
  const views = fc.array(fc.record({ kind: fc.constantFrom("plain", "open"), members: people }), { maxLength: 3 });
  fc.assert(
    fc.property(views, fc.array(people, { maxLength: 3 }), people, (listed, logs, contacts) => {
      const company = new Company({
        own: "own" as AccountKey,
        views: () => listed.map(viewOf),
        logs: () => logs.map(logOf),
        isContact: (account) => contacts.includes(account),
      });
      const now = company.asOfNow();
      for (const account of ALL) {
        const isInLog = logs.some((members) => members.includes("own" as AccountKey) && members.includes(account));
        const isListed = listed.some(({ members }) => members.includes(account));
        const expected = account === "own" || contacts.includes(account) || isInLog || isListed;
        assert.deepEqual([company.mayKnow(account), now(account)], [expected, expected]);
      }
    }),
  );
});
