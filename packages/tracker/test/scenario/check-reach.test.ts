// Goal: CHECK_REACH dials nobody but the one who asks, at few places at once, and says truly whether somebody answers there.
// Method: Papo clients that listen, or not, on a network in memory, in virtual time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Link, createTlsIdentity } from "@papo/link";
import {
  PEER_ALPN,
  PINGS_CONCURRENT_MAX,
  REACH_CHECKS_OF_ONE_IP_MAX,
  REACH_CHECKS_PER_IP_PER_MINUTE,
  REACH_CHECKS_WAITING_MAX,
  REACH_KEPT_MS,
} from "@papo/protocol";
import { PapoClient, registered } from "../papo-client.ts";
import { TrackerRig } from "../tracker-rig.ts";

type Listening = { calls: number; answer: (link: Link) => void };

async function listening(rig: TrackerRig, host: string, port: number): Promise<Listening> {
  const state: Listening = { calls: 0, answer: (link) => void link.sendJson({ cmd: "PONG" }) };
  await rig.host(host).listen({
    ...{
      identity: createTlsIdentity(),
      alpn: PEER_ALPN,
      queueBytesMax: 262_144,
      host,
      port,
      dialects: ["papo", "seed"],
    },
    onLink: (link) => {
      state.calls += 1;
      link.start({ message: () => state.answer(link), closed: () => {} });
    },
  });
  return state;
}

test("who answers PING is reached, who does not is not; the port is that of the login unless another is named", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  assert.deepEqual(fieldsOf(await gabi.ask({ cmd: "CHECK_REACH" })), {
    reached: false,
    address: gabi.address,
    port: 7_001,
  });
  await rig.clock.advance(REACH_KEPT_MS);
  await listening(rig, gabi.address, 7_001);
  assert.deepEqual(fieldsOf(await gabi.ask({ cmd: "CHECK_REACH" })), {
    reached: true,
    address: gabi.address,
    port: 7_001,
  });
  assert.equal((await gabi.ask({ cmd: "CHECK_REACH", port: 7_002 })).reached, false);

  function fieldsOf({ reached, address, port }: { reached: boolean; address: string; port: number }): object {
    return { reached, address, port };
  }
});

test("before login a port must be named; before HELLO nothing is asked", async () => {
  const rig = await TrackerRig.start();
  const early = await rig.papo("gabi");
  assert.equal((await early.ask({ cmd: "CHECK_REACH", port: 7_001 })).code, "login_required");
  const gabi = await rig.papo("gabi");
  await listening(rig, gabi.address, 7_001);
  await gabi.hello();
  assert.equal((await gabi.ask({ cmd: "CHECK_REACH" })).code, "invalid_message");
  assert.equal((await gabi.ask({ cmd: "CHECK_REACH", port: 7_001 })).reached, true);
});

test("T22, T23: only the observed address is dialled, and never a low port", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi", { port: 25 });
  const canaries = [
    await listening(rig, gabi.address, 25),
    await listening(rig, gabi.address, 1_023),
    await listening(rig, "10.5.0.77", 7_001),
  ];
  for (const port of [undefined, 25, 1_023])
    assert.equal((await gabi.ask({ cmd: "CHECK_REACH", port })).code, "invalid_message");
  await gabi.ask({ cmd: "CHECK_REACH", port: 7_001, address: "10.5.0.77", host: "10.5.0.77" });
  assert.deepEqual(
    canaries.map(({ calls }) => calls),
    [0, 0, 0],
  );
});

test("what was found is told again for a moment, to everybody behind that address, and costs one connection", async () => {
  const rig = await TrackerRig.start();
  const gabi = await registered(rig, "gabi");
  const listener = await listening(rig, gabi.address, 7_001);
  const sister = await PapoClient.dial(rig, { name: "nori", address: gabi.address });
  await sister.register();
  for (const client of [gabi, sister, gabi]) assert.equal((await client.ask({ cmd: "CHECK_REACH" })).reached, true);
  assert.equal(listener.calls, 1);
  await rig.clock.advance(REACH_KEPT_MS);
  await gabi.ask({ cmd: "CHECK_REACH" });
  assert.equal(listener.calls, 2);
});

test("T24, T25: who lets us wait holds up few, is hung up on, and a wrong word counts for nothing", async () => {
  const rig = await TrackerRig.start();
  let open = 0;
  let most = 0;
  const clients: PapoClient[] = [];
  for (let index = 0; index < PINGS_CONCURRENT_MAX + REACH_CHECKS_WAITING_MAX + 1; index += 1) {
    const client = await registered(rig, `peer${index}x`);
    const tarpit = await listening(rig, client.address, 7_001);
    tarpit.answer = (link) => {
      open += 1;
      most = Math.max(most, open);
      link.start({ message: () => {}, closed: () => void (open -= 1) });
    };
    clients.push(client);
  }
  const ids = clients.map((client) => client.send({ cmd: "CHECK_REACH" }));
  const answers = [];
  for (const [index, client] of clients.entries()) answers.push(await client.answerTo(ids[index] ?? 0));
  assert.equal(answers.filter(({ code }) => code === "busy").length, 1);
  assert.equal(answers.filter(({ reached }) => reached === false).length, clients.length - 1);
  assert.equal(most, PINGS_CONCURRENT_MAX);

  const [liar] = clients;
  assert.ok(liar);
  const wrong = await listening(rig, liar.address, 7_002);
  wrong.answer = (link) => {
    link.sendJson({ cmd: "HELLO", username: "x" });
    link.sendJson({ cmd: "PONG" });
  };
  assert.equal((await liar.ask({ cmd: "CHECK_REACH", port: 7_002 })).reached, false);
});

test("T24: who lets us wait at many ports of one address takes no turns from others", async () => {
  const rig = await TrackerRig.start();
  const address = "10.7.0.1";
  const clients: PapoClient[] = [];
  for (let index = 0; index < PINGS_CONCURRENT_MAX + REACH_CHECKS_WAITING_MAX; index += 1) {
    const client = await PapoClient.dial(rig, { name: "x", address });
    await client.hello();
    const tarpit = await listening(rig, address, 20_000 + index);
    tarpit.answer = (link) => link.start({ message: () => {}, closed: () => {} });
    clients.push(client);
  }
  const gabi = await registered(rig, "gabi");
  await listening(rig, gabi.address, 7_001);
  const ids = clients.map((client, index) => client.send({ cmd: "CHECK_REACH", port: 20_000 + index }));
  assert.equal((await gabi.ask({ cmd: "CHECK_REACH" })).reached, true);
  const answers = [];
  for (const [index, client] of clients.entries()) answers.push(await client.answerTo(ids[index] ?? 0));
  assert.equal(answers.filter(({ code }) => code === "busy").length, clients.length - REACH_CHECKS_OF_ONE_IP_MAX);
});

test("T34: one address has so many checks a minute, whatever sessions ask", async () => {
  const rig = await TrackerRig.start();
  const answers = [];
  for (let index = 0; index <= REACH_CHECKS_PER_IP_PER_MINUTE; index += 1) {
    const client = await PapoClient.dial(rig, { name: "x", address: "10.7.0.1" });
    await client.hello();
    answers.push(await client.ask({ cmd: "CHECK_REACH", port: 20_000 + index }));
  }
  const { code, retryAfterMs } = answers.at(-1);
  assert.equal(code, "slow_down");
  assert.ok(retryAfterMs > 0 && retryAfterMs <= 1_000);
  assert.ok(answers.slice(0, -1).every(({ status }) => status === "OK"));
  const elsewhere = await registered(rig, "gabi");
  assert.equal((await elsewhere.ask({ cmd: "CHECK_REACH" })).status, "OK");
});
