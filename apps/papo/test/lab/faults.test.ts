// Goal: what people say goes on arriving exactly once while trackers die, addresses change, networks fall apart, lose one direction, and flap.
// Method: real `papo` processes at machines of a laboratory of network namespaces whose cables are cut, moved and put back; waits for what they show. Needs root, ip and nft; says so otherwise.
import assert from "node:assert/strict";
import { Lab, stopwatch, TOPOLOGIES, labTest } from "@papo/testing";
import { feed, Talk, Village, type Villager } from "./village.ts";

const FLAPS = 5;
/** Long enough for both to notice that the network is another one. */
const LONG_FLAP_MS = 2_500;
/** One place each, from both sides, with what the system sends again, and the first look of each for a better way. */
const DIALS_PER_FLAP_MAX = 6;

async function roomOf(people: readonly Villager[]): Promise<Talk> {
  const [first, ...others] = people;
  await first?.creates();
  for (const other of others) {
    await other.enters();
    await first?.shows(feed.joined(other.name));
  }
  const talk = new Talk(people);
  talk.turn();
  await talk.arrived();
  return talk;
}

labTest("F3: the tracker dies and chat goes on; when it is back somebody new comes in", async () => {
  using lab = new Lab();
  const { tracker, one, other } = TOPOLOGIES["one behind a router"](lab);
  await using village = new Village();
  const { program } = await village.trackerStarts(tracker);
  const [gabi, nori] = await Promise.all([village.arrives("gabi", one), village.arrives("nori", other)]);
  const talk = await roomOf([gabi, nori]);
  await program.stop("SIGKILL");
  for (let turn = 0; turn < 3; turn += 1) talk.turn();
  await talk.arrived();
  await village.trackerStarts(tracker);
  const yuki = await village.arrives("yuki", lab.host("third"));
  await Promise.all([gabi.shows(feed.trackerBack), nori.shows(feed.trackerBack)]);
  await yuki.enters();
  await Promise.all([gabi.shows(feed.joined("yuki")), nori.shows(feed.joined("yuki"))]);
  talk.turn();
  await talk.arrived();
  talk.assertOnce();
});

labTest("F13: somebody's address changes in the middle of a chat, then their whole network", async (t) => {
  using lab = new Lab();
  const { tracker, one, other } = TOPOLOGIES["both in the internet"](lab);
  const cafe = lab.nat("cafe", "preserving");
  await using village = new Village();
  await village.trackerStarts(tracker);
  const [gabi, nori] = await Promise.all([village.arrives("gabi", one), village.arrives("nori", other)]);
  const talk = await roomOf([gabi, nori]);
  for (const move of [() => one.changeAddress(), () => one.moveTo(cafe.lan)]) {
    const elapsedMs = stopwatch();
    move();
    talk.turn();
    await talk.arrived();
    t.diagnostic(`everything is there ${elapsedMs()} ms after the move`);
  }
  await nori.reaches("gabi", ["direct", "punched"]);
  talk.assertOnce();
});

labTest(
  "F4: the network falls apart, and who reaches both parts carries for those who do not reach each other",
  async (t) => {
    using lab = new Lab();
    const { tracker, one, other } = TOPOLOGIES["both in the internet"](lab);
    const bridge = lab.host("bridge");
    await using village = new Village();
    await village.trackerStarts(tracker);
    const gabi = await village.arrives("gabi", one);
    const yuki = await village.arrives("yuki", bridge);
    const before = await village.arrives("nori", other);
    await gabi.creates();
    for (const person of [yuki, before]) {
      await person.enters();
      await gabi.shows(feed.joined(person.name));
    }
    await before.leaves();
    await gabi.reaches("yuki", ["direct"]);

    // gabi has neither nori nor the tracker any more; yuki has everybody.
    lab.partition([one], [other, tracker]);
    const nori = await village.returns("nori", other);
    await nori.enters();
    const talk = new Talk([gabi, nori, yuki]);
    const elapsedMs = stopwatch();
    for (let turn = 0; turn < 3; turn += 1) talk.turn();
    await talk.arrived();
    t.diagnostic(`everything is everywhere ${elapsedMs()} ms after it was said`);
    lab.heal();
    await nori.reaches("gabi", ["direct"]);
    talk.turn();
    await talk.arrived();
    talk.assertOnce();
  },
);

labTest("F6: somebody's cable flaps five times, and is out for a while, as people talk", async (t) => {
  using lab = new Lab();
  const { tracker, one, other } = TOPOLOGIES["both in the internet"](lab);
  await using village = new Village();
  await village.trackerStarts(tracker);
  const [gabi, nori] = await Promise.all([village.arrives("gabi", one), village.arrives("nori", other)]);
  const talk = await roomOf([gabi, nori]);
  const dials = [one, other].map((host) => host.countDials());
  const elapsedMs = stopwatch();
  for (let flap = 0; flap < FLAPS; flap += 1) {
    one.linkDown();
    await talk.heldTurn();
    one.linkUp();
    talk.turn();
  }
  one.linkOutFor(LONG_FLAP_MS);
  talk.turn();
  await talk.arrived();
  const dialled = dials.reduce((sum, count) => sum + count(), 0);
  t.diagnostic(`everything is there ${elapsedMs()} ms after the first flap, and ${dialled} dials came`);
  talk.assertOnce();
  assert.ok(dialled <= (FLAPS + 1) * DIALS_PER_FLAP_MAX, `${dialled} dials`);
});
