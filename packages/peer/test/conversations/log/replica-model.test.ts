// Goal: what a room says follows from the set of its entries alone: any order, repetition and splitting of what comes gives the same, and the same as a twin
// that computes everything anew.
// Method: honest members write through replicas; a rogue member forges chains that claim any lamport, name anything and are signed here and there; one
// control entry may remove the rogue anywhere. All of it goes to fresh replicas in random pieces, over and over, as sync would bring it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { EntryDependency, EntryId, WireEntry } from "@papo/protocol";
import fc from "fast-check";
import { type OpenedEntry, openEntry, sealEntry, signSealed } from "../../../src/conversations/log/opened-entry.ts";
import type { Draft } from "../../../src/conversations/log/room-replica.ts";
import { Person, value } from "./control-fixture.ts";
import { readContent } from "./readable-twin.ts";
import { type Holder, admitted, converge, founded } from "./replica-fixture.ts";

type Forged = {
  /** Added to the last claim. */
  readonly ahead: number;
  readonly isSigned: boolean;
  /** Which honest entries it names, and whether one that does not exist. */
  readonly names: readonly number[];
  readonly namesNothing: boolean;
};

type Plan = {
  readonly honest: readonly { readonly by: number; readonly count: number; readonly fetches: number }[];
  readonly forged: readonly Forged[];
  /** By another rogue, who may name what the first one wrote. */
  readonly forgedToo: readonly Forged[];
  /** Honest entries written after a part of the forged chain was seen. */
  readonly answersAfter: number;
  readonly cutAt: number | null;
  readonly pieces: readonly number[];
  readonly seed: number;
};

const forgedChain: fc.Arbitrary<readonly Forged[]> = fc.array(
  fc.record({
    ahead: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(1_000_000_000)),
    isSigned: fc.boolean(),
    names: fc.array(fc.nat(20), { maxLength: 2 }),
    namesNothing: fc.boolean(),
  }),
  { maxLength: 10 },
);

const plan: fc.Arbitrary<Plan> = fc.record({
  honest: fc.array(fc.record({ by: fc.nat(1), count: fc.integer({ min: 1, max: 4 }), fetches: fc.nat(1) }), {
    maxLength: 6,
  }),
  forged: forgedChain,
  forgedToo: forgedChain,
  answersAfter: fc.nat(10),
  cutAt: fc.option(fc.nat(10)),
  pieces: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 8 }),
  seed: fc.nat(),
});

test("P10, P18, P21, I3, I4, I5: any order, repetition and splitting give the same set in the same order, and the twin's", async () => {
  await fc.assert(
    fc.asyncProperty(plan, async (chosen) => {
      const { entries, holders } = await history(chosen);
      const [first] = holders;
      assert.ok(first !== undefined);
      const expected = readContent(first.replica.id, entries);
      for (const [index, holder] of holders.entries()) {
        await deliver(holder, entries, chosen, index);
        const got = contentOf(holder);
        assert.deepEqual(got, expected);
        holder.restart();
        assert.deepEqual(contentOf(holder), expected);
      }
      const digests = new Set(holders.map(({ replica }) => JSON.stringify(replica.digest())));
      assert.equal(digests.size, 1);
    }),
    { numRuns: 60 },
  );
});

/** Everything that counts, as the store has it. */
function contentOf({ history, replica }: Holder) {
  const lines = [...replica.heads()].flatMap(({ device, content }) =>
    content === null
      ? []
      : history.range(replica.id, device, "content", 1, 10_000).filter(({ seq }) => seq <= content[0]),
  );
  return lines
    .map(({ id, author, effective }) => ({ id, author, effective }))
    .toSorted(
      (a, b) =>
        a.effective - b.effective || (a.author < b.author ? -1 : a.author > b.author ? 1 : a.id < b.id ? -1 : 1),
    );
}

async function history({ honest, forged, forgedToo, answersAfter, cutAt }: Plan) {
  const alice = await founded(new Person("alice"));
  const bob = await admitted(alice, new Person("bob"));
  const rogue = await admitted(alice, new Person("rogue"));
  const other = await admitted(alice, new Person("other"));
  await converge(alice, bob, rogue, other);
  const auth = alice.replica.state.heads;
  let said = 0;
  for (const { by, count, fetches } of honest) {
    const [author, friend] = by === 0 ? [alice, bob] : [bob, alice];
    if (fetches === 1) await author.fetch(friend);
    await author.say(...Array.from({ length: count }, () => `${said++}`));
  }
  const written = () => [alice, bob].flatMap((holder) => everything(holder));
  const content = written().filter(({ header }) => header.chain === "content");
  const first = forge(rogue, forged, { seen: content, auth });
  const second = forge(other, forgedToo, { seen: [...first.slice(0, 10), ...content], auth });
  // Some of the forged is seen by bob, who answers it.
  await bob.receive(first.slice(0, answersAfter).map(toWire));
  await bob.say("answer");
  if (cutAt !== null) await remove(alice, rogue, first, cutAt);
  const entries = [...written(), ...first, ...second];
  return { entries: [...new Map(entries.map((entry) => [entry.id, entry])).values()], holders: [alice, bob, other] };
}

function toWire({ bytes, signature, body }: OpenedEntry): WireEntry {
  return { header: bytes, signature, body };
}

/** All that a holder has, control included. */
function everything({ history, replica }: Holder): readonly OpenedEntry[] {
  return replica
    .heads()
    .flatMap(({ device }) =>
      (["control", "content"] as const).flatMap((chain) =>
        history
          .range(replica.id, device, chain, 1, 10_000)
          .map(({ header, signature, body }) => value(openEntry({ header, signature, body }))),
      ),
    );
}

function forge(
  rogue: Holder,
  forged: readonly Forged[],
  { seen, auth }: { readonly seen: readonly OpenedEntry[]; readonly auth: readonly EntryId[] },
): readonly OpenedEntry[] {
  const key = rogue.person.device();
  const chain: OpenedEntry[] = [];
  for (const { ahead, isSigned, names, namesNothing } of forged) {
    const prev = chain.at(-1);
    const deps = new Map<string, EntryDependency>();
    for (const name of names) {
      const named = seen[name];
      if (named !== undefined) deps.set(named.header.author, [named.header.author, named.header.seq, named.id]);
    }
    const [author] = [...deps.keys()];
    if (namesNothing && author !== undefined)
      deps.set(author, [author as OpenedEntry["header"]["author"], 99, NOWHERE]);
    const sealed = value(
      sealEntry(
        {
          room: rogue.replica.id,
          author: key.publicKey,
          chain: "content",
          seq: chain.length + 1,
          prev: prev?.id ?? null,
          auth: [...auth],
          deps: [...deps.values()],
          lamport: (prev?.header.lamport ?? 0) + ahead,
          time: 0,
        },
        { kind: "message", body: { text: "forged" } },
      ),
    );
    chain.push(isSigned ? signSealed(sealed, key) : sealed);
  }
  return chain;
}

const NOWHERE = `${"N".repeat(42)}A` as EntryId;

async function remove(owner: Holder, rogue: Holder, chain: readonly OpenedEntry[], cutAt: number): Promise<void> {
  const last = chain[Math.min(cutAt, chain.length) - 1];
  const control = owner.replica.heads().find(({ device }) => device === rogue.device)?.control ?? null;
  const cut = { device: rogue.device, control, content: last === undefined ? null : [last.header.seq, last.id] };
  const body = { account: rogue.person.account, bar: false, cuts: [cut] };
  await owner.write({ chain: "control", kind: "remove", body } as Draft);
}

/** Again and again in other pieces and another order, until a round brings nothing new. */
async function deliver(
  holder: Holder,
  entries: readonly OpenedEntry[],
  { pieces, seed }: Plan,
  index: number,
): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const shuffled = shuffle(entries, seed + index * 7919 + round);
    let stored = 0;
    let at = 0;
    for (let piece = 0; at < shuffled.length; piece++) {
      const count = pieces[piece % pieces.length] ?? 1;
      const received = await holder.receive(shuffled.slice(at, at + count).map(toWire));
      stored += received.stored.length;
      at += count;
    }
    if (stored === 0 && round > 2) return;
  }
  assert.fail("no end of delivering");
}

function shuffle<T>(items: readonly T[], seed: number): readonly T[] {
  let state = (seed % 2_147_483_646) + 1;
  return items
    .map((item) => {
      state = (state * 48_271) % 2_147_483_647;
      return { item, place: state };
    })
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
