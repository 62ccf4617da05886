// Goal: nobody's program ever sends a packet to a machine because somebody in the room says that they can be dialled there.
// Method: a whole engine whose records name a canary's address beside its own. When the others have them, the tracker dies and so does it: there is nothing left but to
// dial where it said to be. What arrives at the canary is counted in its kernel. Needs root, ip and nft; says so otherwise.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Lab, labTest } from "@papo/testing";
import { feed, reach, ROOM, Talk, Village } from "./village.ts";

const LIAR = fileURLToPath(new URL("../../../../packages/peer/test/liar-program.ts", import.meta.url));

labTest(
  "T22, T23, P22: a canary receives no packet, whatever a member of the room claims in signed records",
  async () => {
    using lab = new Lab();
    const [tracker, one, other, liar, canary] = ["tracker", "one", "other", "liar", "canary"].map((name) =>
      lab.host(name),
    );
    assert.ok(tracker && one && other && liar && canary);
    const arrivals = canary.countArrivals();
    await using village = new Village();
    const { program: serving } = await village.trackerStarts(tracker);
    const [gabi, nori] = await Promise.all([village.arrives("gabi", one), village.arrives("nori", other)]);
    await gabi.creates();
    await nori.enters();
    const program = village.runs(LIAR, liar, (address) => [village.home.at("liar"), address, canary.address, ROOM]);
    await program.out.see(`"address":"${canary.address}"`);

    for (const person of [gabi, nori]) {
      await person.program.out.see(feed.joined("mentirosa"));
      await person.reaches("mentirosa", ["direct"]);
    }

    await serving.stop("SIGKILL");
    await program.stop("SIGKILL");
    const tried = RegExp.escape(reach.ways.direct(`${liar.address}:`));
    for (const person of [gabi, nori])
      await person.explains("mentirosa", new RegExp(`${tried}\\d+.*${reach.answers.refused}`, "u"));
    const talk = new Talk([gabi, nori]);
    talk.turn();
    await talk.arrived();
    assert.equal(arrivals(), 0);

    other.namespace.run("bash", ["-c", `echo knock > /dev/udp/${canary.address}/9`]);
    assert.ok(arrivals() > 0, "the canary can hear");
  },
);
