// Goal: a link that is not direct is improved when that is possible and not asked about too often; an old one is renewed, by one side alone.
// Method: links that are made up, on a virtual clock; what is tried is counted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "@papo/link/memory";
import { BETTER_PATH_FIRST_MS, BETTER_PATH_LAST_MS, LINK_RENEWED_AFTER_MS, fail } from "@papo/protocol";
import type { LinkPath } from "../../../src/api.ts";
import { BetterPaths } from "../../../src/mesh/paths/better-paths.ts";
import type { PeerLink } from "../../../src/mesh/peer-link.ts";
import { keysFor, named } from "../../world-fixture.ts";

const ONE = keysFor("gabi").keys.device.publicKey;
const OTHER = keysFor("nori").keys.device.publicKey;
const [SMALLER, GREATER] = ONE < OTHER ? [ONE, OTHER] : [OTHER, ONE];

function watching(ownDevice = SMALLER) {
  const clock = new VirtualClock();
  const tried: { readonly how: "improve" | "renew"; readonly atMs: number; readonly signal: AbortSignal }[] = [];
  const trying = (how: "improve" | "renew") => async (_link: PeerLink, signal: AbortSignal) => {
    tried.push({ how, atMs: clock.monotonicMs(), signal });
    return fail("unreachable", "test");
  };
  const better = new BetterPaths({ clock, ownDevice, improve: trying("improve"), renew: trying("renew") });
  const link = (path: LinkPath): PeerLink => {
    const device = ownDevice === SMALLER ? GREATER : SMALLER;
    const party = { username: named("nori"), account: null, device };
    return { key: "nori", party, path, verifiedAtMs: clock.monotonicMs() } as unknown as PeerLink;
  };
  return { clock, tried, better, link };
}

test("a better way is looked for after a while, then half as often each time, and now and then for ever", async () => {
  const { clock, tried, better, link } = watching();
  better.opened(link("relayed"));
  await clock.advance(BETTER_PATH_FIRST_MS * 7);
  assert.deepEqual(
    tried.map(({ atMs }) => atMs / BETTER_PATH_FIRST_MS),
    [1, 3, 7],
  );
  tried.length = 0;
  await clock.advance(10 * BETTER_PATH_LAST_MS);
  const count = tried.length;
  assert.ok(count >= 10 && count <= 14, `${count} times`);
});

test("news of where they are is looked at once, and lets the waits begin anew", async () => {
  const { clock, tried, better, link } = watching();
  better.opened(link("punched"));
  await clock.advance(BETTER_PATH_FIRST_MS * 8);
  tried.length = 0;
  const nowMs = clock.monotonicMs();
  better.news("nori");
  better.news("nori");
  await clock.advance(BETTER_PATH_FIRST_MS * 2);
  assert.deepEqual(
    tried.map(({ atMs }) => atMs - nowMs),
    [0, 2 * BETTER_PATH_FIRST_MS],
  );
});

test("a direct link is left alone, and so is one that is gone", async () => {
  const { clock, tried, better, link } = watching();
  const relayed = link("relayed");
  better.opened(relayed);
  better.opened(link("direct"));
  better.closed(relayed);
  better.news("nori");
  await clock.advance(BETTER_PATH_LAST_MS);
  assert.deepEqual(tried, []);
  better.stop();
  assert.equal(clock.timers, 0);
});

test("an old link is renewed by the side with the smaller key, and by no other", async () => {
  for (const own of [SMALLER, GREATER]) {
    for (const path of ["direct", "relayed"] as const) {
      const { clock, tried, better, link } = watching(own);
      better.opened(link(path));
      await clock.advance(LINK_RENEWED_AFTER_MS - 1);
      assert.ok(tried.every(({ how }) => how === "improve"));
      await clock.advance(BETTER_PATH_LAST_MS + 1);
      assert.equal(
        tried.some(({ how }) => how === "renew"),
        own === SMALLER,
      );
      better.stop();
    }
  }
});

test("what is under way is given up when another link has come in place of this one", async () => {
  const { clock, tried, better, link } = watching();
  const relayed = link("relayed");
  better.opened(relayed);
  await clock.advance(BETTER_PATH_FIRST_MS);
  better.opened(link("direct"));
  assert.equal(tried[0]?.signal.aborted, true);
});
