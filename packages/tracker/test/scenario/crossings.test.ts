// Goal: what happens while a command is still under way (a lost socket, a deleted room, another device, a store that fails) leaves no
// place taken, no room in memory and no session half in.
// Method: a store whose calls can be held and made to fail, on a network in memory, in virtual time.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Repositories } from "../../src/repositories/repositories.ts";
import { StoreFailure } from "../../src/repositories/store-failure.ts";
import { NO_METRICS, type TrackerGauges } from "../../src/ops/tracker-metrics.ts";
import { openMemoryStore } from "../../src/stores/memory/open-memory-store.ts";
import { PapoClient, Root, newDevice } from "../papo-client.ts";
import type { SeedClient } from "../seed-client.ts";
import { TrackerRig } from "../tracker-rig.ts";

/** What happens to the calls of one method. */
class Door {
  /** Since it was last closed, or told which ones fail. */
  calls = 0;
  #fails: (call: number) => boolean = () => false;
  #until: Promise<void> = Promise.resolve();
  #open: () => void = () => {};

  close(): void {
    this.calls = 0;
    this.#until = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open();
  }

  /** Counted from 1. */
  failAt(...calls: readonly number[]): void {
    this.calls = 0;
    this.#fails = (call) => calls.includes(call);
  }

  async pass(): Promise<void> {
    this.calls += 1;
    if (this.#fails(this.calls)) throw new StoreFailure("the disk is full");
    await this.#until;
  }
}

/** Calls happen when the door is open; one that fails has not happened. */
function withDoors(): { repositories: Repositories; doors: Record<"join" | "leave" | "roomsOf" | "findUser", Door> } {
  const store = openMemoryStore();
  const doors = { join: new Door(), leave: new Door(), roomsOf: new Door(), findUser: new Door() };
  const rooms: Repositories["rooms"] = {
    ...store.rooms,
    join: async (...args) => {
      await doors.join.pass();
      return store.rooms.join(...args);
    },
    leave: async (...args) => {
      await doors.leave.pass();
      return store.rooms.leave(...args);
    },
    roomsOf: async (...args) => {
      await doors.roomsOf.pass();
      return store.rooms.roomsOf(...args);
    },
  };
  const users: Repositories["users"] = {
    ...store.users,
    find: async (...args) => {
      await doors.findUser.pass();
      return store.users.find(...args);
    },
  };
  return { repositories: { ...store, rooms, users }, doors };
}

async function member(rig: TrackerRig, name: string): Promise<SeedClient> {
  const client = await rig.seed();
  assert.equal((await client.register(name)).status, "OK");
  return client;
}

async function joins(client: SeedClient, name: string): Promise<string> {
  return (await client.room("JOIN_ROOM", name, "TESTE")).status;
}

test("a JOIN that is under way when its socket is lost keeps no place for longer than a lost socket does", async () => {
  const { repositories, doors } = withDoors();
  const rig = await TrackerRig.start({ repositories });
  const gabi = await member(rig, "gabi");
  await gabi.room("CREATE_ROOM", "gabi", "TESTE");
  for (const name of ["nori", "yuki"]) {
    const client = await member(rig, name);
    doors.join.close();
    client.say({ cmd: "JOIN_ROOM", room: "TESTE", username: name });
    await rig.clock.runUntil(() => doors.join.calls === 1);
    client.link.destroy({ code: "lost", detail: "cable" });
    await rig.clock.runUntil(() => rig.lines.includes(`[DESCONECTADO] Peer ${name} caiu.`));
    doors.join.open();
  }
  const [ana, bia] = [await member(rig, "ana"), await member(rig, "bia")];
  assert.equal(await joins(ana, "ana"), "ERROR");
  await rig.clock.advance(31_000);
  assert.equal(await joins(ana, "ana"), "OK");
  assert.equal(await joins(bia, "bia"), "OK");
});

test("a JOIN that is under way when a PING goes unanswered keeps no place either, though the session stays open", async () => {
  const { repositories, doors } = withDoors();
  const rig = await TrackerRig.start({ repositories, pingIntervalSeconds: 10 });
  const gabi = await rig.seed();
  // Ports below 1024 are not called: she stays.
  await gabi.register("gabi", 80);
  await gabi.room("CREATE_ROOM", "gabi", "TESTE");
  const nori = await member(rig, "nori");
  doors.join.close();
  nori.say({ cmd: "JOIN_ROOM", room: "TESTE", username: "nori" });
  await rig.clock.runUntil(() => rig.lines.includes("[DESCONECTADO] Peer nori caiu."));
  doors.join.open();
  assert.equal((await nori.hear()).status, "OK");
  await rig.clock.advance(31_000);
  assert.equal(nori.closedBy, undefined);
  const [room] = await repositories.rooms.list({ limit: 1 });
  assert.equal(room?.members, 1);
});

test("F9: places that could not be freed are freed when the store works again", async () => {
  const { repositories, doors } = withDoors();
  const rig = await TrackerRig.start({ repositories });
  const gabi = await member(rig, "gabi");
  await gabi.room("CREATE_ROOM", "gabi", "TESTE");
  const [nori, yuki] = [await member(rig, "nori"), await member(rig, "yuki")];
  await joins(nori, "nori");
  await joins(yuki, "yuki");

  doors.leave.failAt(1, 2);
  nori.link.destroy({ code: "lost", detail: "cable" });
  yuki.say({ cmd: "LOGOUT", username: "yuki" });
  const members = async () => (await repositories.rooms.list({ limit: 1 }))[0]?.members;
  await rig.clock.advance(31_000);
  assert.equal(await members(), 2);
  assert.ok(rig.lines.some((line) => line.startsWith("[ERRO] background: StoreFailure")));
  await rig.clock.advance(31_000);
  assert.equal(await members(), 1);
});

test("a room that is deleted before its joiner has her answer is answered as missing", async () => {
  const { repositories, doors } = withDoors();
  const rig = await TrackerRig.start({ repositories });
  const [gabi, nori] = [await member(rig, "gabi"), await member(rig, "nori")];
  await gabi.room("CREATE_ROOM", "gabi", "TESTE");

  doors.roomsOf.close();
  nori.say({ cmd: "JOIN_ROOM", room: "TESTE", username: "nori" });
  await rig.clock.runUntil(() => doors.roomsOf.calls === 1);
  assert.equal((await gabi.room("DELETE_ROOM", "gabi", "TESTE")).status, "OK");
  doors.roomsOf.open();
  assert.deepEqual(await nori.hear(), { status: "ERROR", msg: "A sala 'TESTE' não existe." });
});

test("F9: a login that the store breaks off leaves nobody online and no room in memory, and may be tried again", async () => {
  const { repositories, doors } = withDoors();
  let gauges: TrackerGauges | undefined;
  const metrics = { ...NO_METRICS, watch: (given: TrackerGauges) => (gauges = given) };
  const rig = await TrackerRig.start({ repositories, metrics });
  const gabi = await rig.papo("gabi");
  await gabi.register();
  await gabi.ask({ cmd: "CREATE_ROOM", room: "Turma" });
  gabi.link.destroy({ code: "lost", detail: "cable" });
  await rig.clock.runUntil(() => gauges?.liveRooms() === 0);

  const again = await PapoClient.dial(rig, { name: "gabi", address: rig.newHost(), profile: gabi.profile });
  await again.hello();
  // The account is read to see who it is, and again when its rooms are ready.
  doors.findUser.failAt(2);
  assert.equal((await again.login()).code, "storage_failed");
  assert.deepEqual([gauges?.liveRooms(), gauges?.usersOnline()], [0, 0]);
  assert.equal((await again.login()).status, "OK");
  assert.deepEqual([gauges?.liveRooms(), gauges?.usersOnline()], [1, 1]);
});

test("a room that one device joins while another logs in is heard of by both", async () => {
  const { repositories, doors } = withDoors();
  const rig = await TrackerRig.start({ repositories });
  const root = new Root();
  const [desk, phone] = [newDevice(), newDevice()];
  const both = root.state(desk.listed, phone.listed);
  const first = await PapoClient.dial(rig, {
    name: "gabi",
    address: rig.newHost(),
    profile: { root, device: desk, statement: both },
  });
  await first.register();
  const second = await PapoClient.dial(rig, {
    name: "gabi",
    address: rig.newHost(),
    profile: { root, device: phone, statement: both },
  });
  await second.hello();

  doors.findUser.close();
  const entering = second.send({ cmd: "LOGIN", username: "gabi", statement: both, port: 7_002 });
  await rig.clock.runUntil(() => doors.findUser.calls === 1);
  doors.findUser.open();
  doors.findUser.close();
  await rig.clock.runUntil(() => doors.findUser.calls === 1);
  const created = await first.ask({ cmd: "CREATE_ROOM", room: "Turma" });
  doors.findUser.open();
  const answer = await second.answerTo(entering);
  assert.deepEqual(answer.rooms, [{ id: created.room.id, name: "Turma" }]);

  const nori = await rig.papo("nori");
  await nori.register();
  await nori.ask({ cmd: "JOIN_ROOM", room: "Turma" });
  const hears = (client: PapoClient) => client.pushed.some(({ changed }) => changed?.[0]?.username === "nori");
  await rig.clock.runUntil(() => hears(first) && hears(second));
});
