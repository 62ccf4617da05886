import { Lab, stopwatch, TOPOLOGIES, type TopologyName } from "../../packages/testing/src/index.ts";
import { type Villager, Village } from "../../apps/papo/test/lab/village.ts";
import type { Benchmark, Variant } from "../measure/benchmark.ts";

const RELAYED: TopologyName = "both routers symmetric";
const ROUNDS = 20;

/** Somebody stays in a room, somebody else comes again and again. */
class Scene {
  readonly #lab = new Lab();
  readonly #village = new Village();
  readonly #name: TopologyName;
  #host: Villager | undefined;
  #comes: (() => Promise<Villager>) | undefined;
  #round = 0;

  constructor(name: TopologyName) {
    this.#name = name;
  }

  /** Milliseconds from both being online to the first message on the screen of who came. It was written while nobody was there. */
  async round(): Promise<number> {
    const comes = (this.#comes ??= await this.#opened());
    this.#round += 1;
    const text = `waiting since before round ${this.#round}`;
    this.#host?.types(text);
    await this.#host?.sees("gabi", text);
    const guest = await comes();
    const elapsedMs = stopwatch();
    guest.types("4", "TESTE");
    await guest.sees("gabi", text);
    const tookMs = elapsedMs();
    await guest.leaves();
    return tookMs;
  }

  async #opened(): Promise<() => Promise<Villager>> {
    const { tracker, one, other } = TOPOLOGIES[this.#name](this.#lab);
    await this.#village.trackerStarts(tracker);
    this.#host = await this.#village.arrives("gabi", one);
    await this.#host.creates();
    const first = await this.#village.arrives("nori", other);
    await first.enters();
    await this.#host.reaches("nori", ["direct", "punched", "relayed"]);
    await first.leaves();
    return () => this.#village.returns("nori", other);
  }
}

function topology(name: TopologyName): Variant {
  let scene: Scene | undefined;
  return {
    name,
    async run() {
      scene ??= new Scene(name);
      return { time: await scene.round() };
    },
  };
}

export const topologies: Benchmark = {
  name: "topologies",
  title: "From both online to the first message, by what lies between two people",
  rounds: ROUNDS,
  needs: () => (Lab.isPossible() ? undefined : "needs root, ip and nft"),
  subject: topology(RELAYED),
  baselines: (Object.keys(TOPOLOGIES) as TopologyName[]).filter((name) => name !== RELAYED).map(topology),
  figures: [{ key: "time", title: "time", unit: "ms", digits: 0, targets: [{ valueAtMost: 3_000 }] }],
  method: `Real \`papo\` processes at machines of a laboratory of network namespaces ([network-lab.md](network-lab.md)), where packets take no time. One waits in a room with a message; the other's program starts, and from the moment it says that it is logged in the time runs until the message is on its screen; ${ROUNDS} times each. Where both routers are symmetric nothing but the relay is left.`,
};
