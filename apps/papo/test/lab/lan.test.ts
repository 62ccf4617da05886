// Goal: `papo` on one machine finds the tracker on another with no address typed, lets the person choose it, and is as before where there is none.
// Method: real programs on machines of the laboratory, with real multicast between them. Needs root, ip and nft; says so otherwise.
import assert from "node:assert/strict";
import {
  eventually,
  Lab,
  type LabHost,
  startPapo,
  startPapoInTerminal,
  startTrackerProgram,
  TemporaryHome,
  type TerminalProgram,
  labTest,
} from "@papo/testing";
import { feed, Talk, Village } from "./village.ts";

labTest("a tracker is listed and chosen on another machine, and one that is not announced is not", async () => {
  using lab = new Lab();
  using homes = new Homes();
  const on = lab.lan("office");
  const [server, quiet, desk] = [lab.host("server", { on }), lab.host("quiet", { on }), lab.host("desk", { on })];
  const everywhere = ["--host", "0.0.0.0", "--port", "6060", "--store", "memory"];
  const tracker = await startTrackerProgram(everywhere, { home: homes.next(), wrap: server.wrap });
  await using _tracker = tracker.program;
  const hidden = await startTrackerProgram([...everywhere, "--no-lan"], { home: homes.next(), wrap: quiet.wrap });
  await using _hidden = hidden.program;

  const listed = await eventually("a tracker that is listed", () => trackersSeenFrom(desk, homes));
  assert.equal(listed, tracker.address);

  const papo = await eventually("a tracker to choose", () => offeredAt(desk, homes));
  await using _papo = papo;
  await papo.lines.see(`1. ${tracker.address}`);
  await papo.lines.see("Which one?");
  papo.enter("3");
  await papo.lines.see("Type a number from 1 to 2.");
  papo.enter("1");
  await papo.lines.see("SIGN IN");
});

/** One look takes as long as it takes: on a busy machine an answer may come after it. */
async function trackersSeenFrom(desk: LabHost, homes: Homes): Promise<string | undefined> {
  await using listing = startPapo(["trackers"], { home: homes.next(), wrap: desk.wrap });
  assert.equal((await listing.endWithin()).code, 0);
  return listing.out.text.trim() || undefined;
}

async function offeredAt(desk: LabHost, homes: Homes): Promise<TerminalProgram | undefined> {
  const papo = await startPapoInTerminal(["--classic", "--lang", "en"], { home: homes.next(), wrap: desk.wrap });
  const [seen] = await papo.lines.see(/1\. papo:|this Papo hosts one/u);
  if (seen !== "this Papo hosts one") return papo;
  await papo[Symbol.asyncDispose]();
  return undefined;
}

labTest("with nobody in the network papo hosts a tracker itself, as a script on a network with one does", async () => {
  using lab = new Lab();
  using homes = new Homes();
  const on = lab.lan("office");
  const [server, desk] = [lab.host("server", { on }), lab.host("desk", { on })];

  const alone = await startPapoInTerminal(["--classic", "--lang", "en"], { home: homes.next(), wrap: desk.wrap });
  await alone.lines.see("this Papo hosts one");
  await alone[Symbol.asyncDispose]();

  const args = ["--host", "0.0.0.0", "--port", "6060", "--store", "memory"];
  const tracker = await startTrackerProgram(args, { home: homes.next(), wrap: server.wrap });
  await using _tracker = tracker.program;
  const script = startPapo(["--lang", "en"], { home: homes.next(), wrap: desk.wrap });
  await using _script = script;
  await script.out.see("this Papo hosts one");
  assert.equal(script.out.text.includes(tracker.address), false);
});

labTest(
  "without any tracker, at addresses where nobody has seen them, two who know each other meet in their own network and chat",
  async () => {
    using lab = new Lab();
    const on = lab.lan("office");
    const [server, desk, couch] = [lab.host("server", { on }), lab.host("desk", { on }), lab.host("couch", { on })];
    await using village = new Village();
    const { program } = await village.trackerStarts(server, ["--no-lan"]);
    const [gabi, nori] = await Promise.all([village.arrives("gabi", desk), village.arrives("nori", couch)]);
    await gabi.creates();
    await nori.enters();
    await gabi.shows(feed.joined("nori"));
    await gabi.tells("before", [nori]);
    await Promise.all([gabi.leaves(), nori.leaves()]);
    await program.stop("SIGKILL");
    desk.changeAddress();
    couch.changeAddress();

    const [later, too] = await Promise.all([village.returns("gabi", desk), village.returns("nori", couch)]);
    await Promise.all([later.enters(), too.enters()]);
    await later.reaches("nori", ["direct"]);
    const talk = new Talk([later, too]);
    talk.turn();
    await talk.arrived();
    talk.assertOnce();
  },
);

class Homes {
  readonly #homes: TemporaryHome[] = [];

  next(): TemporaryHome {
    const home = new TemporaryHome();
    this.#homes.push(home);
    return home;
  }

  [Symbol.dispose](): void {
    for (const home of this.#homes) home[Symbol.dispose]();
  }
}
