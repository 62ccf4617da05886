// Goal: of however many links two devices bring about, by whichever ways and seen in whatever order at either end, one is left, the same one at both, and it
// lives if any does (F16).
// Method: two real books with made-up links between them, on a virtual clock; fast-check chooses ways, diallers, moments, delays and which are dead.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "@papo/link";
import { VirtualClock } from "@papo/link/memory";
import { LINK_DEAD_AFTER_MS, type Fault, type FaultCode, REPLACED_LINK_PING_MS, fault } from "@papo/protocol";
import fc from "fast-check";
import type { LinkPath } from "../../src/api.ts";
import { LinkBook } from "../../src/mesh/link-book.ts";
import type { PeerLink, PeerLinkReceiver } from "../../src/mesh/peer-link.ts";
import { keysFor, named } from "../world-fixture.ts";

type Plan = {
  readonly path: LinkPath;
  readonly dialledBySmaller: boolean;
  readonly isDead: boolean;
  /** When it is there, and how much later the other end sees it. */
  readonly atMs: number;
  readonly laterMs: number;
  readonly smallerFirst: boolean;
  readonly delayMs: number;
};

const plan: fc.Arbitrary<Plan> = fc.record({
  path: fc.constantFrom("direct" as const, "punched" as const, "relayed" as const),
  dialledBySmaller: fc.boolean(),
  isDead: fc.boolean(),
  // Often about as long apart as the window of what counts as simultaneous.
  atMs: fc.oneof(fc.nat(400), fc.nat(12_000)),
  laterMs: fc.nat(300),
  smallerFirst: fc.boolean(),
  delayMs: fc.nat(150),
});

const ONE = keysFor("gabi").keys.device.publicKey;
const OTHER = keysFor("nori").keys.device.publicKey;
const [SMALLER, GREATER] = ONE < OTHER ? [ONE, OTHER] : [OTHER, ONE];

/** One end of a link, as far as a book looks at it. */
class End {
  readonly key = "the other one";
  readonly party;
  readonly path: LinkPath;
  readonly dialledByUs: boolean;
  readonly plan: Plan;
  verifiedAtMs = 0;
  isOpen = true;
  far: End | undefined;
  readonly #clock: Clock;
  #receiver: PeerLinkReceiver | undefined;

  constructor(clock: Clock, of: Plan, side: "smaller" | "greater") {
    this.#clock = clock;
    this.plan = of;
    this.path = of.path;
    this.dialledByUs = of.dialledBySmaller === (side === "smaller");
    const device = side === "smaller" ? GREATER : SMALLER;
    this.party = { username: named("other"), account: null, device };
  }

  start(receiver: PeerLinkReceiver): void {
    this.#receiver = receiver;
    this.verifiedAtMs = this.#clock.monotonicMs();
    // Nothing is heard of a dead one until its silence has lasted.
    if (this.plan.isDead) this.#clock.after(LINK_DEAD_AFTER_MS, () => this.end(fault("dead", "silent")));
  }

  answers(): Promise<boolean> {
    const isHeard = this.isOpen && !this.plan.isDead && this.far?.isOpen === true;
    const waitMs = isHeard ? 2 * this.plan.delayMs : REPLACED_LINK_PING_MS;
    return new Promise((resolve) => this.#clock.after(waitMs, () => resolve(isHeard)));
  }

  bye(code: FaultCode): void {
    this.end(fault(code, "said goodbye"));
  }

  destroy(reason: Fault): void {
    this.end(reason);
  }

  end(reason: Fault): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#clock.after(0, () => this.#receiver?.closed(this as unknown as PeerLink, reason));
    const { far } = this;
    if (!this.plan.isDead) this.#clock.after(this.plan.delayMs, () => far?.end(fault("lost", "the other side went")));
  }
}

async function settle(plans: readonly Plan[]): Promise<{ readonly open: readonly Plan[]; readonly same: boolean }> {
  const clock = new VirtualClock();
  const nothing = { opened() {}, heard() {}, closed() {} };
  const smaller = new LinkBook({ ownDevice: SMALLER, clock }, nothing);
  const greater = new LinkBook({ ownDevice: GREATER, clock }, nothing);
  const ends: End[] = [];
  for (const one of plans) {
    const [here, there] = [new End(clock, one, "smaller"), new End(clock, one, "greater")];
    [here.far, there.far] = [there, here];
    ends.push(here, there);
    const add = (book: LinkBook, end: End) => () => end.isOpen && book.add(end as unknown as PeerLink);
    const [first, second] = one.smallerFirst
      ? [add(smaller, here), add(greater, there)]
      : [add(greater, there), add(smaller, here)];
    clock.after(one.atMs, first);
    clock.after(one.atMs + one.laterMs, second);
  }
  await clock.advance(120_000);
  const open = ends.filter(({ isOpen }) => isOpen).map((end) => end.plan);
  const [mine] = smaller.links() as unknown as readonly End[];
  const [theirs] = greater.links() as unknown as readonly End[];
  return { open, same: mine?.plan === theirs?.plan };
}

test("F16: one link is left, the same at both ends, and it lives if any does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 4 }), async (plans) => {
      const { open, same } = await settle(plans);
      const isAnyAlive = plans.some(({ isDead }) => !isDead);
      assert.equal(open.length, isAnyAlive ? 2 : 0, "two ends of one link");
      assert.ok(same);
    }),
    { numRuns: 300 },
  );
});

test("F16: of links that live, the one by the best way is left", async () => {
  const alive = plan.map((one) => ({ ...one, isDead: false }));
  await fc.assert(
    fc.asyncProperty(fc.array(alive, { minLength: 1, maxLength: 4 }), async (plans) => {
      const { open } = await settle(plans);
      const ways = ["direct", "punched", "relayed"] as const;
      const best = ways.find((way) => plans.some(({ path }) => path === way));
      assert.equal(open[0]?.path, best);
    }),
    { numRuns: 200 },
  );
});
