// Goal: two people reach each other whatever lies between them, by the best way that there is, and everything they say arrives exactly once.
// Method: real `papo` processes at machines of a laboratory of network namespaces; what they show says who is reached how. Needs root, ip and nft; says so otherwise.
import { Lab, stopwatch, TOPOLOGIES, type TopologyName, labTest } from "@papo/testing";
import { type Path, Talk, Village } from "./village.ts";

/** The ways that are good enough: once one of them stands, it stays or gets better. */
const WAYS: Readonly<Record<TopologyName, readonly Path[]>> = {
  "both in the internet": ["direct"],
  "one LAN, the tracker in it": ["direct"],
  "one LAN behind a router, the tracker outside": ["direct"],
  "one behind a router": ["direct"],
  "both behind routers": ["punched"],
  "one router symmetric": ["relayed"],
  "both routers symmetric": ["relayed"],
  "one router resets": ["punched", "relayed"],
  "IPv6 only": ["direct"],
  "IPv6 only, behind firewalls": ["punched"],
};

for (const [name, ways] of Object.entries(WAYS) as [TopologyName, readonly Path[]][]) {
  labTest(`${name}: they reach each other ${ways.join(" or ")}`, async (t) => {
    using lab = new Lab();
    const { tracker, one, other } = TOPOLOGIES[name](lab);
    await using village = new Village();
    await village.trackerStarts(tracker);
    const [gabi, nori] = await Promise.all([village.arrives("gabi", one), village.arrives("nori", other)]);
    await gabi.creates();
    const elapsedMs = stopwatch();
    await nori.enters();
    const talk = new Talk([gabi, nori]);
    talk.says(gabi);
    await talk.arrived();
    const firstMs = elapsedMs();
    const [ofGabi, ofNori] = [await gabi.reaches("nori", ways), await nori.reaches("gabi", ways)];
    t.diagnostic(`first message after ${firstMs} ms, ${ofGabi} and ${ofNori} after ${elapsedMs()} ms`);
    for (let turn = 0; turn < 3; turn += 1) talk.turn();
    await talk.arrived();
    talk.assertOnce();
    await Promise.all([gabi, nori].map((person) => person.leaves()));
  });
}
