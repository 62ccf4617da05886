// Goal: a real router opens a port when it is asked, in PCP and by UPnP, others get in there, and it is closed again when the program ends; where no router answers, the
// program neither waits for it nor hangs at its end.
// Method: miniupnpd on a router of the laboratory. Needs root, ip, nft and miniupnpd; says so otherwise.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Lab, type LabHost, PortMapper, type Program, TemporaryHome, labTest } from "@papo/testing";

const ASKING = fileURLToPath(new URL("asking-program.ts", import.meta.url));
const GET = `require("node:net").connect(Number(process.argv[2]), process.argv[1]).on("data", (d) => console.log(String(d)))`;

function asking(host: LabHost, home: TemporaryHome): Program {
  return host.node(["--conditions=source", ASKING], { env: home.environment(), name: "asking" });
}

for (const way of ["pcp", "upnp"] as const) {
  test(`a port asked for by ${way} leads inside until the program ends`, async (t) => {
    if (!Lab.isPossible() || !PortMapper.isPossible()) {
      t.skip("needs root, ip, nft and miniupnpd");
      return;
    }
    using home = new TemporaryHome();
    using lab = new Lab();
    const router = lab.nat("router", "preserving");
    const [inside, outside] = [lab.host("inside", { behind: router }), lab.host("outside")];
    await using mapper = await PortMapper.on(router);
    // A router that speaks UPnP alone: it does not hear the other two.
    if (way === "upnp") router.namespace.rules("insert rule inet filter input udp dport 5351 drop");

    await using program = asking(inside, home);
    const [said] = await program.out.see(/\{.*\}/u);
    const mapped = JSON.parse(said) as { ok: boolean; value: { way: string; port: number; address: string } };
    assert.deepEqual([mapped.ok, mapped.value?.way, mapped.value?.address], [true, way, router.address], said);
    await using caller = outside.node(["-e", GET, router.address, String(mapped.value.port)], {
      env: home.environment(),
    });
    await caller.out.see("inside");

    program.endInput();
    await program.out.see("closed");
    assert.equal((await program.endWithin()).code, 0);
    assert.deepEqual(mapper.mappings(), [], mapper.said);
  });
}

labTest("a router that does not answer costs its time and nothing else", async () => {
  using home = new TemporaryHome();
  using lab = new Lab();
  const router = lab.nat("router", "preserving");
  router.namespace.rules("insert rule inet filter input udp dport 5351 drop");
  await using program = asking(lab.host("inside", { behind: router }), home);
  const [said] = await program.out.see(/\{.*\}/u);
  assert.equal((JSON.parse(said) as { ok: boolean }).ok, false);
  program.endInput();
  assert.equal((await program.endWithin()).code, 0);
});
