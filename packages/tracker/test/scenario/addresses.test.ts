// Goal: where somebody is, only those learn who share a room, and nobody is sent where somebody merely claims to be.
// Method: Papo and seed clients on a network in memory, in virtual time; canaries listen at what is claimed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createTlsIdentity } from "@papo/link";
import { ENDPOINTS_MAX, PAGE_BYTES_MAX, ROOM_UPDATE_INTERVAL_MS, TRACKER_ALPN } from "@papo/protocol";
import { PapoClient, Root, newDevice, registered } from "../papo-client.ts";
import { TrackerRig } from "../tracker-rig.ts";

const recordOf = (member: { endpoints: readonly { addresses: { text: string } | null }[] }) =>
  member.endpoints[0]?.addresses?.text ?? null;

/** Gabi and nori in one room, ana in none. */
async function inRoom() {
  const rig = await TrackerRig.start();
  const [gabi, nori, ana] = [
    await registered(rig, "gabi"),
    await registered(rig, "nori"),
    await registered(rig, "ana"),
  ];
  await gabi.ask({ cmd: "CREATE_ROOM", room: "TESTE" });
  const joined = await nori.ask({ cmd: "JOIN_ROOM", room: "TESTE" });
  await gabi.hear("ROOM_UPDATE");
  await rig.clock.advance(ROOM_UPDATE_INTERVAL_MS);
  gabi.pushed.length = 0;
  return { rig, gabi, nori, ana, room: joined.room.id as string };
}

test("a Papo program's endpoint has no address but those of its record, and a room hears of a new record as of any change", async () => {
  const { gabi, nori, room } = await inRoom();
  const { members } = await nori.ask({ cmd: "LIST_MEMBERS", room });
  for (const { endpoints } of members) {
    assert.deepEqual([endpoints[0].address, endpoints[0].port, endpoints[0].addresses], [null, null, null]);
  }
  const record = nori.record();
  assert.equal((await nori.ask({ cmd: "ADDRESSES", addresses: record })).status, "OK");
  const update = await gabi.hear("ROOM_UPDATE");
  assert.deepEqual(update.changed[0].endpoints, [
    { device: nori.device, tls: nori.profile.device.tls.key, address: null, port: null, addresses: record },
  ]);
  const newer = nori.record([]);
  await nori.ask({ cmd: "ADDRESSES", addresses: newer });
  assert.equal(recordOf((await gabi.hear("ROOM_UPDATE")).changed[0]), newer.text);
});

test("a change of address takes no other change from anybody", async () => {
  const { rig, gabi, nori } = await inRoom();
  await nori.ask({ cmd: "ADDRESSES", addresses: nori.record() });
  const yuki = await registered(rig, "yuki");
  await yuki.ask({ cmd: "JOIN_ROOM", room: "TESTE" });
  await nori.ask({ cmd: "ADDRESSES", addresses: nori.record() });
  await rig.clock.advance(ROOM_UPDATE_INTERVAL_MS);
  for (const client of [gabi, nori]) {
    const names = client
      .heard("ROOM_UPDATE")
      .flatMap(({ changed }) => changed.map((member: { username: string }) => member.username));
    assert.ok(names.includes("yuki"), `${client.name} heard of yuki`);
  }
});

test("who shares no room learns that somebody is online and not where, also after leaving", async () => {
  const { rig, gabi, nori, ana } = await inRoom();
  await nori.ask({ cmd: "ADDRESSES", addresses: nori.record() });
  const found = async (by: PapoClient, username = "nori") => (await by.ask({ cmd: "FIND_PEER", username })).peer;
  const stranger = await found(ana);
  assert.equal(stranger.online, true);
  assert.equal(stranger.endpoints[0].device, nori.device);
  assert.equal(recordOf(stranger), null);
  assert.notEqual(recordOf(await found(gabi)), null);
  assert.notEqual(recordOf(await found(nori)), null, "one's own devices know each other");

  await rig.clock.advance(ROOM_UPDATE_INTERVAL_MS);
  const { id } = (await gabi.ask({ cmd: "LIST_ROOMS" })).rooms[0];
  assert.equal((await gabi.ask({ cmd: "LEAVE_ROOM", room: id })).status, "OK");
  gabi.pushed.length = 0;
  assert.equal(recordOf(await found(gabi)), null);
  await nori.ask({ cmd: "ADDRESSES", addresses: nori.record() });
  await rig.clock.advance(ROOM_UPDATE_INTERVAL_MS * 2);
  assert.deepEqual(gabi.pushed, []);
  assert.equal((await gabi.ask({ cmd: "LIST_MEMBERS", room: id })).code, "not_member");

  await ana.ask({ cmd: "JOIN_ROOM", room: "TESTE" });
  assert.notEqual(recordOf(await found(ana)), null);
});

test("two rooms apart are apart: sharing one with a third shows nothing", async () => {
  const { rig, nori, ana } = await inRoom();
  await ana.ask({ cmd: "CREATE_ROOM", room: "outra" });
  const yuki = await registered(rig, "yuki");
  await yuki.ask({ cmd: "JOIN_ROOM", room: "TESTE" });
  await yuki.ask({ cmd: "JOIN_ROOM", room: "outra" });
  for (const client of [nori, ana]) await client.ask({ cmd: "ADDRESSES", addresses: client.record() });
  assert.equal(recordOf((await ana.ask({ cmd: "FIND_PEER", username: "nori" })).peer), null);
  assert.notEqual(recordOf((await yuki.ask({ cmd: "FIND_PEER", username: "nori" })).peer), null);
});

test("REGISTER and LOGIN carry a record; one that may not be told is refused before anything is done", async () => {
  const rig = await TrackerRig.start();
  const gabi = await rig.papo("gabi");
  const claims = [["10.5.0.77", 7_001]] as const;
  assert.equal((await gabi.register({ addresses: gabi.record(claims) })).code, "invalid_message");
  assert.equal((await gabi.register({ addresses: newProfileRecord() })).code, "invalid_message");
  const again = await PapoClient.dial(rig, { name: "gabi", address: rig.newHost(), profile: gabi.profile });
  const record = again.record();
  assert.equal((await again.register({ addresses: record })).status, "OK", "the name was not taken meanwhile");
  assert.equal(recordOf((await again.ask({ cmd: "FIND_PEER", username: "gabi" })).peer), record.text);

  const later = await PapoClient.dial(rig, { name: "gabi", address: rig.newHost(), profile: gabi.profile });
  assert.equal((await later.enter({ addresses: later.record(claims) })).code, "invalid_message");
  assert.equal(again.closedBy, undefined, "who was refused replaces nobody");
  const own = later.record();
  assert.equal((await later.login({ addresses: own })).status, "OK");
  assert.equal(recordOf((await later.ask({ cmd: "FIND_PEER", username: "gabi" })).peer), own.text);
  assert.equal((await later.ask({ cmd: "ADDRESSES", addresses: own })).code, "invalid_message", "not newer");

  function newProfileRecord() {
    const other = newDevice();
    const { keys } = gabi.profile.device;
    assert.notEqual(other.keys.publicKey, keys.publicKey);
    const stranger = { ...gabi.record(), sig: gabi.record().sig };
    return { ...stranger, text: stranger.text.replace(gabi.device, other.keys.publicKey) };
  }
});

test("T22, T23, P22: whatever a Papo program claims, nobody is shown it and nothing dials it", async () => {
  const { rig, gabi, nori, room } = await inRoom();
  let calls = 0;
  for (const [host, port] of [
    ["10.5.0.77", 7_001],
    ["10.5.0.77", 25],
    ["127.0.0.9", 7_001],
    ["10.5.0.77", 6_379],
  ] as const) {
    const listening = await rig.host(host).listen({
      ...{
        identity: createTlsIdentity(),
        alpn: TRACKER_ALPN,
        queueBytesMax: 1_024,
        host,
        port,
        dialects: ["seed", "papo"],
      },
      onLink: () => void (calls += 1),
    });
    assert.ok(listening.ok);
  }
  const claims = [
    [["10.5.0.77", 7_001]],
    [["127.0.0.9", 7_001]],
    [["127.0.0.1", 7_001]],
    [["10.0.0.1", 6_060]],
    [[nori.address, 25]],
    [
      [nori.address, 7_001],
      ["10.5.0.77", 6_379],
    ],
    [["metadata.internal", 7_001]],
    [["2130706433", 7_001]],
  ] as const;
  for (const places of claims) {
    const answer = await nori.ask({ cmd: "ADDRESSES", addresses: nori.record(places) });
    assert.equal(answer.code, "invalid_message", JSON.stringify(places));
    const { address, port } = { address: places[0][0], port: places[0][1] };
    await nori.ask({ cmd: "CHECK_REACH", port, address });
    assert.equal(
      (
        await nori.ask({
          cmd: "CONNECT",
          username: "gabi",
          device: gabi.device,
          addresses: nori.record(places),
          relay: true,
        })
      ).code,
      "invalid_message",
    );
    await rig.clock.advance(5_000);
  }
  assert.equal(nori.closedBy, undefined);
  const { members } = await gabi.ask({ cmd: "LIST_MEMBERS", room });
  for (const member of members) assert.equal(recordOf(member), null);
  assert.deepEqual(gabi.heard("CALL"), []);
  await rig.clock.advance(600_000);
  assert.equal(calls, 0);
});

test("who is beside the tracker may name the machine's own addresses; who is not may not", async () => {
  const rig = await TrackerRig.start({ ownAddresses: () => ["192.168.1.2"] });
  const beside = await PapoClient.dial(rig, { name: "gabi", address: "127.0.0.1" });
  await beside.register({
    addresses: beside.record([
      ["127.0.0.1", 7_001],
      ["192.168.1.2", 7_001],
    ]),
  });
  assert.equal(
    recordOf((await beside.ask({ cmd: "FIND_PEER", username: "gabi" })).peer)?.includes("192.168.1.2"),
    true,
  );
  const nori = await registered(rig, "nori");
  assert.equal(
    (await nori.ask({ cmd: "ADDRESSES", addresses: nori.record([["192.168.1.2", 7_001]]) })).code,
    "invalid_message",
  );
});

test("an original program is shown no Papo address, and a Papo program sees where an original one is", async () => {
  const rig = await TrackerRig.start();
  const seed = await rig.seed("10.5.0.1");
  await seed.register("yuki", 5_001);
  const gabi = await registered(rig, "gabi", { plaintext: true });
  await seed.room("CREATE_ROOM", "yuki", "SALA");
  const joined = await gabi.ask({ cmd: "JOIN_ROOM", room: "SALA" });
  const yuki = joined.members.find(({ username }: { username: string }) => username === "yuki");
  assert.deepEqual(yuki.endpoints, [{ device: null, tls: null, address: "10.5.0.1", port: 5_001, addresses: null }]);
});

test("pages and updates stay within their bound however many records there are", async () => {
  const rig = await TrackerRig.start();
  const longest = "2001:0db8:0000:0000:0000:0000:0000:";
  const gabi = await registered(rig, "gabi");
  await gabi.ask({ cmd: "CREATE_ROOM", room: "TESTE", capacity: 100 });
  for (let index = 0; index < 12; index += 1) {
    const root = new Root();
    const devices = Array.from({ length: ENDPOINTS_MAX }, () => newDevice());
    const statement = root.state(...devices.map(({ listed }) => listed));
    for (const [at, device] of devices.entries()) {
      const host = `${longest}${index.toString(16).padStart(2, "0")}${at.toString(16).padStart(2, "0")}`;
      const client = await PapoClient.dial(rig, {
        name: `peer${index}x`,
        address: host,
        profile: { root, device, statement },
      });
      const places = Array.from({ length: 4 }, (_, port) => [host, 50_000 + port] as const);
      const entered =
        at === 0
          ? await client.register({ addresses: client.record(places) })
          : await client.enter({ addresses: client.record(places), password: undefined });
      assert.equal(entered.status, "OK", entered.msg);
      if (at === 0) await client.ask({ cmd: "JOIN_ROOM", room: "TESTE" });
    }
  }
  const { id } = (await gabi.ask({ cmd: "LIST_ROOMS" })).rooms[0];
  const names: string[] = [];
  let after: string | undefined;
  do {
    const page = await gabi.ask({ cmd: "LIST_MEMBERS", room: id, after });
    assert.ok(JSON.stringify(page).length <= PAGE_BYTES_MAX + 1_024, `${JSON.stringify(page).length} bytes`);
    names.push(...page.members.map((member: { username: string }) => member.username));
    after = page.next ?? undefined;
  } while (after !== undefined);
  assert.equal(names.length, 13);
  for (const update of gabi.heard("ROOM_UPDATE")) assert.ok(JSON.stringify(update).length <= PAGE_BYTES_MAX + 1_024);
});
