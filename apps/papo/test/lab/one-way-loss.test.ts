// Goal: where the packets of one direction vanish and nobody is told, people reach each other by another way, lose nothing, and come back to the direct way.
// Method: real `papo` processes at machines of a laboratory of network namespaces, with a filter on the bridge between them. Takes a minute: a link is dead after 45 s of silence. Needs root, ip and nft; says so otherwise.
import { Lab, stopwatch, TOPOLOGIES, labTest } from "@papo/testing";
import { Talk, Village } from "./village.ts";

labTest(
  "F5: one direction between two is lost: a relay takes over, and the direct way comes back with it",
  async (t) => {
    using lab = new Lab();
    const { tracker, one, other } = TOPOLOGIES["both in the internet"](lab);
    await using village = new Village();
    await village.trackerStarts(tracker);
    const [gabi, nori] = await Promise.all([village.arrives("gabi", one), village.arrives("nori", other)]);
    await gabi.creates();
    await nori.enters();
    const talk = new Talk([gabi, nori]);
    talk.turn();
    await talk.arrived();

    lab.dropOneWay(one, other);
    const elapsedMs = stopwatch();
    talk.turn();
    await talk.arrived();
    t.diagnostic(`everything is there ${elapsedMs()} ms after the loss began`);
    await gabi.reaches("nori", ["relayed"]);
    lab.heal();
    const healedMs = stopwatch();
    await Promise.all([gabi.reaches("nori", ["direct"]), nori.reaches("gabi", ["direct"])]);
    t.diagnostic(`direct again ${healedMs()} ms after the loss ended`);
    talk.turn();
    await talk.arrived();
    talk.assertOnce();
  },
);
