// Goal: the routers and cables of the laboratory behave as those that they stand for: what gets through, what is seen of whom, what a loss takes away.
// Method: plain TCP between small programs in the namespaces, by what each says. Needs root and ip and nft; says so otherwise.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { LabHost } from "../../src/lab/host.ts";
import { Lab } from "../../src/lab/lab.ts";
import { labTest } from "../../src/lab/lab-test.ts";
import type { NatKind } from "../../src/lab/nat-rules.ts";
import type { Program } from "../../src/processes/program.ts";
import { TemporaryHome } from "../../src/processes/temporary-home.ts";

const ENDS = fileURLToPath(new URL("./tcp-ends.ts", import.meta.url));
const PORT = "5000";
const PATIENT_MS = 20_000;
const SILENCE_MS = 500;

function start(host: LabHost, ...args: readonly string[]): Program {
  using home = new TemporaryHome();
  return host.node([ENDS, ...args], { env: home.environment(), name: `${host.name}: ${args.join(" ")}` });
}

async function listening(host: LabHost, mode = "listen"): Promise<Program> {
  const program = start(host, mode, "::", PORT);
  await program.out.see("listening");
  return program;
}

/** What becomes of a connection from one to the other. */
async function dial(from: LabHost, to: { readonly address: string }, patienceMs = PATIENT_MS): Promise<string> {
  await using program = start(from, "dial", to.address, PORT, String(patienceMs));
  const [how] = await program.out.see(/^(connected|failed \w+)$/mu);
  return how;
}

/** Whether nothing at all is heard. Enough to be heard in is what a busy machine needs. */
async function isSilent(from: LabHost, to: { readonly address: string }): Promise<boolean> {
  return (await dial(from, to, SILENCE_MS)) === "failed silence";
}

for (const kind of ["preserving", "symmetric", "rst"] as const) {
  labTest(`out of a router that is ${kind} everything goes, in nothing that was not asked for`, async () => {
    using lab = new Lab();
    const router = lab.nat("router", kind);
    const inside = lab.host("inside", { behind: router });
    const outside = lab.host("outside");
    await using server = await listening(outside);
    await using _closed = await listening(inside);

    assert.equal(await dial(inside, outside), "connected");
    const [, seen] = await server.out.expect(/from ::ffff:(\S+) \d+/u);
    assert.equal(seen, router.address, "the router's address is seen");
    if (kind === "rst") assert.equal(await dial(outside, router), "failed ECONNREFUSED");
    else assert.ok(await isSilent(outside, router));
    assert.ok(await isSilent(outside, inside), "private addresses lead nowhere");
  });
}

labTest("who is in one LAN hears the others, multicast too, and who is outside does not", async () => {
  using lab = new Lab();
  const router = lab.nat("router", "preserving");
  const [gabi, nori] = [lab.host("gabi", { behind: router }), lab.host("nori", { behind: router })];
  const outside = lab.host("outside");
  await using _server = await listening(nori);
  assert.equal(await dial(gabi, nori), "connected");
  await using heardInside = start(nori, "hear", nori.address, PORT);
  await using heardOutside = start(outside, "hear", outside.address, PORT);
  await Promise.all([heardInside, heardOutside].map((program) => program.out.see("listening")));
  for (const host of [gabi, outside]) {
    await using program = start(host, "shout", host.address, PORT);
    await program.endWithin();
  }
  await heardInside.out.see(`heard ${gabi.address}`);
  await heardOutside.out.see(`heard ${outside.address}`);
  assert.equal(heardOutside.out.text.includes(gabi.address), false);
});

/** How many of so many tries at a simultaneous open connected, and how long each of them took in milliseconds. */
async function punch(kinds: readonly [NatKind, NatKind], rounds: number): Promise<readonly number[]> {
  using lab = new Lab();
  const introducer = lab.host("introducer", { families: "both" });
  const [one, other] = kinds.map((kind, index) =>
    lab.host(`host${index}`, { behind: lab.nat(`router${index}`, kind) }),
  );
  assert.ok(one !== undefined && other !== undefined);
  const meetAt = kinds[0] === "firewall" ? introducer.address6 : introducer.address;
  await using _introducer = await listening(introducer, "introduce");
  await using first = start(one, "punch", meetAt, PORT, String(rounds));
  await using second = start(other, "punch", meetAt, PORT, String(rounds));
  await Promise.all([first, second].map((program) => program.out.see("done")));
  assert.equal(first.out.count("connected"), second.out.count("connected"), "both or neither");
  return [...first.out.text.matchAll(/connected ([\d.]+)/gu)].map(([, tookMs]) => Number(tookMs));
}

const ROUNDS = 4;
for (const { kinds, connects } of [
  { kinds: ["preserving", "preserving"], connects: ROUNDS },
  { kinds: ["firewall", "firewall"], connects: ROUNDS },
  { kinds: ["preserving", "symmetric"], connects: 0 },
  { kinds: ["symmetric", "symmetric"], connects: 0 },
] as const) {
  labTest(`a simultaneous open between ${kinds.join(" and ")} connects ${connects} times of ${ROUNDS}`, async (t) => {
    const took = await punch(kinds, connects === 0 ? 1 : ROUNDS);
    t.diagnostic(`${took.length} connected, in ${took.join(", ")} ms`);
    assert.equal(took.length, connects);
  });
}

labTest("a simultaneous open where one router resets may connect or not, and both sides agree", async (t) => {
  const took = await punch(["preserving", "rst"], ROUNDS);
  t.diagnostic(`${took.length} of ${ROUNDS} connected, in ${took.join(", ")} ms`);
});

labTest("cables come out, one direction or a whole part is lost, addresses change, and all of it heals", async () => {
  using lab = new Lab();
  const [gabi, nori, yuki] = ["gabi", "nori", "yuki"].map((name) => lab.host(name));
  assert.ok(gabi !== undefined && nori !== undefined && yuki !== undefined);
  await using server = await listening(nori);
  assert.equal(await dial(gabi, nori), "connected");

  nori.linkDown();
  assert.ok(await isSilent(gabi, nori));
  nori.linkUp();
  assert.equal(await dial(gabi, nori), "connected");

  lab.dropOneWay(nori, gabi);
  assert.ok(await isSilent(gabi, nori));
  assert.equal(await dial(yuki, nori), "connected", "others are spared");
  lab.heal();
  lab.partition([gabi], [nori, yuki]);
  assert.ok(await isSilent(gabi, nori));
  assert.equal(await dial(yuki, nori), "connected");
  lab.heal();

  const before = gabi.address;
  gabi.changeAddress();
  assert.notEqual(gabi.address, before);
  assert.equal(await dial(gabi, nori), "connected");
  await server.out.see(`from ::ffff:${gabi.address} `);
  const [arrivals, dials] = [nori.countArrivals(), nori.countDials()];
  assert.deepEqual([arrivals(), dials()], [0, 0]);
  assert.equal(await dial(yuki, nori), "connected");
  assert.ok(arrivals() > 1, "what arrives is counted");
  assert.equal(dials(), 1);
});

labTest("all that is made is gone afterwards, with what runs in it", async () => {
  const lab = new Lab();
  const host = lab.host("host");
  await using server = await listening(host);
  const { name } = host.namespace;
  const namespaces = () => execFileSync("ip", ["netns", "list"], { encoding: "utf8" });
  assert.ok(namespaces().includes(name));
  lab[Symbol.dispose]();
  assert.equal(namespaces().includes(name), false);
  assert.equal((await server.endWithin()).signal, "SIGKILL");
});
