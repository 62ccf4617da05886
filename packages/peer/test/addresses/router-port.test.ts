// Goal: the router is asked for the port that is listened at, again in another network, and gets it back when nobody stands between us and the world; what it says reaches whoever
// tells our addresses, and a router that is slow changes nothing of what was decided meanwhile.
// Method: a made-up mapper whose answers a test gives.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PortMapping } from "@papo/link";
import { type Outcome, fail, succeed } from "@papo/protocol";
import { RouterPort } from "../../src/addresses/router-port.ts";

function rig() {
  const asked: string[] = [];
  const told: (number | null)[] = [];
  const answers: ((answer: Outcome<PortMapping>) => void)[] = [];
  let changedLater: (mapping: PortMapping | null) => void = () => {};
  const router = new RouterPort(
    (changed) => {
      changedLater = changed;
      return {
        map: (port) => {
          asked.push(`map ${port}`);
          return new Promise((resolve) => answers.push(resolve));
        },
        unmap: async () => void asked.push("unmap"),
        close: async () => void asked.push("close"),
      };
    },
    (port) => told.push(port),
  );
  return { asked, told, answers, router, changedLater: (mapping: PortMapping | null) => changedLater(mapping) };
}

const mapping = (port: number): PortMapping => ({ way: "pcp", address: null, port, lifetimeMs: 1_000 });

test("what it gives is told, and what becomes of it", async () => {
  const { asked, told, answers, router, changedLater } = rig();
  assert.deepEqual(router.state, { state: "off" });
  const kept = router.keep(40_000);
  assert.deepEqual(router.state, { state: "asking" });
  answers[0]?.(succeed(mapping(50_000)));
  await kept;
  assert.deepEqual(router.state, { state: "mapped", port: 50_000, way: "pcp" });
  await router.keep(40_000);
  changedLater(mapping(50_001));
  changedLater(null);
  assert.deepEqual(told, [50_000, 50_001, null]);
  assert.deepEqual(asked, ["map 40000"]);
  assert.equal(router.state.state, "failed");
});

test("where nobody stands between us and the world it gets the port back, and is asked again elsewhere", async () => {
  const { asked, told, answers, router } = rig();
  await router.rest();
  const kept = router.keep(40_000);
  answers[0]?.(succeed(mapping(50_000)));
  await kept;
  await router.rest();
  assert.deepEqual(router.state, { state: "off" });
  await router.networkChanged();
  const again = router.keep(40_000);
  answers[1]?.(fail("unsupported", "no router that maps ports"));
  await again;
  assert.deepEqual(asked, ["map 40000", "unmap", "map 40000"]);
  assert.deepEqual(told, [50_000, null, null]);
});

test("F20: a router that did not answer is asked again when the next session begins", async () => {
  const { asked, told, answers, router } = rig();
  const kept = router.keep(40_000);
  answers[0]?.(fail("unsupported", "no router that maps ports"));
  await kept;
  const again = router.keep(40_000);
  answers[1]?.(succeed(mapping(50_000)));
  await again;
  await router.keep(40_000);
  assert.deepEqual(asked, ["map 40000", "map 40000"]);
  assert.deepEqual(told, [null, 50_000]);
});

test("an answer that comes after it was let be counts no more", async () => {
  const { told, answers, router } = rig();
  const kept = router.keep(40_000);
  await router.rest();
  answers[0]?.(succeed(mapping(50_000)));
  await kept;
  assert.deepEqual(told, [null]);
  assert.deepEqual(router.state, { state: "off" });
});
