// Goal: `papo doctor` tells routers that keep ports from those that change them, and a machine that is reached from one that is not; nothing that it prints shows an
// address whole. Method: the real program on machines of the laboratory, behind routers of each kind. Needs root, ip and nft; says so otherwise.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Lab,
  type LabHost,
  type NatKind,
  PortMapper,
  startPapo,
  startTrackerProgram,
  TemporaryHome,
  labTest,
} from "@papo/testing";

type Check = { readonly check: string; readonly finding: string; readonly facts: { readonly seen?: string } };

async function examined(on: LabHost, tracker: string): Promise<Readonly<Record<string, Check>>> {
  using home = new TemporaryHome();
  const program = startPapo(["doctor", "--json", "--tracker", tracker], { home, wrap: on.wrap });
  await program.endWithin();
  const { checks } = JSON.parse(program.out.text) as { readonly checks: readonly Check[] };
  return Object.fromEntries(checks.map((check) => [check.check, check]));
}

const BEHIND: readonly (readonly [NatKind | undefined, nat: string, reach: string])[] = [
  [undefined, "nat_none", "reach_ok"],
  ["preserving", "nat_keeps_ports", "reach_none"],
  ["symmetric", "nat_changes_ports", "reach_none"],
  ["rst", "nat_keeps_ports", "reach_none"],
];

labTest("what routers make of a machine, as the tracker sees it", async () => {
  using lab = new Lab();
  using home = new TemporaryHome();
  const host = lab.host("tracker");
  const everywhere = ["--host", "0.0.0.0", "--port", "6060", "--store", "memory"];
  const tracker = await startTrackerProgram(everywhere, { home, wrap: host.wrap });
  await using _tracker = tracker.program;
  const machines = BEHIND.map(([kind]) =>
    lab.host(`at-${kind}`, kind === undefined ? {} : { behind: lab.nat(`router-${kind}`, kind) }),
  );
  const reports = await Promise.all(machines.map((machine) => examined(machine, tracker.address)));
  for (const [at, [kind, nat, reach]] of BEHIND.entries()) {
    const found = reports[at] ?? assert.fail();
    assert.deepEqual(
      ["connection", "tracker", "nat", "reach", "relay"].map((check) => found[check]?.finding),
      ["connection_ok", "tracker_known", nat, reach, "relay_ok"],
      String(kind),
    );
    assert.match(found["nat"]?.facts.seen ?? "", /^\d+\.\d+\.x\.x$/u);
  }
});

test("a port that a real router opens leads in, and is given back", async (t) => {
  if (!Lab.isPossible() || !PortMapper.isPossible()) {
    t.skip("needs root, ip, nft and miniupnpd");
    return;
  }
  using lab = new Lab();
  using home = new TemporaryHome();
  const everywhere = ["--host", "0.0.0.0", "--port", "6060", "--store", "memory"];
  const tracker = await startTrackerProgram(everywhere, { home, wrap: lab.host("tracker").wrap });
  await using _tracker = tracker.program;
  const router = lab.nat("router", "preserving");
  await using mapper = await PortMapper.on(router);
  const found = await examined(lab.host("machine", { behind: router }), tracker.address);
  assert.deepEqual([found["mapping"]?.finding, found["reach"]?.finding], ["mapping_ok", "reach_by_mapping"]);
  assert.deepEqual(mapper.mappings(), []);
});
