// Goal: an original tracker can be used: its answers without ids, its rooms without ids or versions, and its short memory.
// Method: a scripted original tracker, spoken to over the in-memory network exactly in its commands; whole accounts on top.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createTlsIdentity, type Link } from "@papo/link";
import { MemoryNetwork, VirtualClock, seededRandom } from "@papo/link/memory";
import { LINK_QUEUE_BYTES_MAX, type Outcome, SEED_TEXTS, TRACKER_ALPN, fault, type PasswordHash } from "@papo/protocol";
import type { PeerEvent } from "../../src/api.ts";
import { NamePins } from "../../src/identity/name-pins.ts";
import { HistorySettings } from "../../src/storage/history/history-settings.ts";
import { MemoryHistory } from "../../src/storage/history/memory/memory-history.ts";
import { EpochWatch } from "../../src/identity/epochs.ts";
import { PinKeeper } from "../../src/identity/pin-keeper.ts";
import { LiveAccount } from "../../src/live-account.ts";
import { openSeedLine } from "../../src/tracker-session/open-line.ts";
import { SeedMemory, seedRoomId } from "../../src/tracker-session/seed-rooms.ts";
import { HASH, NO_FILE, Talk, expectOk, keysFor, named, roomNamed, NO_SETTINGS } from "../world-fixture.ts";

type Asked = { cmd: string; username: string; password: string; room: string; address: string; port: number };
type Seat = { username: string; address: string; port: number; last_ping: object; connected: boolean };

/** The original's behaviour, as docs/protocol/seed.md describes it: one object in, one object out, in order. */
class OriginalTracker {
  readonly links = new Map<string, Link>();
  readonly seats = new Map<string, Seat>();
  readonly rooms = new Map<string, string[]>();
  readonly asked: Asked[] = [];

  answer(asked: Asked, link: Link): object | undefined {
    this.asked.push(asked);
    const { cmd, username, room } = asked;
    switch (cmd) {
      case "REGISTER":
      case "LOGIN":
        if (asked.password !== HASH) return { status: "ERROR", msg: SEED_TEXTS.invalidCredentials };
        this.links.set(username, link);
        this.seats.set(username, {
          username,
          address: asked.address,
          port: asked.port,
          last_ping: {},
          connected: true,
        });
        return { status: "OK", msg: SEED_TEXTS.loggedIn };
      case "LIST_PEERS":
        return {
          status: "OK",
          peers: Object.fromEntries([...this.seats].map(([name, seat]) => [name, { ...seat, room: null }])),
        };
      case "LIST_ROOMS":
        return {
          status: "OK",
          rooms: Object.fromEntries([...this.rooms.keys()].map((name) => [name, this.room(name)])),
        };
      case "CREATE_ROOM":
        if (this.rooms.has(room)) return { status: "ERROR", msg: SEED_TEXTS.roomExists(room) };
        this.rooms.set(room, [username]);
        return { status: "OK", msg: SEED_TEXTS.roomCreated(room) };
      case "JOIN_ROOM":
        return this.join(room, username);
      case "LEAVE_ROOM":
        this.rooms.set(
          room,
          (this.rooms.get(room) ?? []).filter((name) => name !== username),
        );
        this.tell(room, username);
        return { status: "OK", msg: SEED_TEXTS.left(username, room) };
      default:
        return undefined;
    }
  }

  join(room: string, username: string): object {
    const members = this.rooms.get(room);
    if (members === undefined) return { status: "ERROR", msg: SEED_TEXTS.roomMissing(room) };
    if (members.length >= 3 && !members.includes(username))
      return { status: "ERROR", msg: SEED_TEXTS.roomMissingOrFull(room) };
    if (!members.includes(username)) members.push(username);
    this.tell(room, username);
    return { status: "OK", msg: SEED_TEXTS.joined(username, room), room: this.room(room) };
  }

  tell(room: string, except: string): void {
    for (const name of this.rooms.get(room) ?? []) {
      if (name !== except)
        this.links
          .get(name)
          ?.sendJson({ status: "ROOM_UPDATE", msg: SEED_TEXTS.roomUpdated(room), room: this.room(room) });
    }
  }

  room(name: string): object {
    const [owner = null, one = null, two = null] = (this.rooms.get(name) ?? []).map(
      (member) => this.seats.get(member) ?? null,
    );
    return { name, peer_owner: owner, peer_one: one, peer_two: two };
  }
}

class SeedWorld {
  readonly clock = new VirtualClock();
  readonly network = new MemoryNetwork(this.clock, seededRandom(1));
  readonly tracker = new OriginalTracker();
  #hosts = 1;

  async listen(): Promise<void> {
    await this.network.host("10.0.0.1").listen({
      ...{ identity: createTlsIdentity(), alpn: TRACKER_ALPN, queueBytesMax: LINK_QUEUE_BYTES_MAX },
      ...{ host: "::", port: 6060, dialects: ["seed"] },
      onLink: (link) =>
        link.start({
          message: ({ payload }) => {
            const answer = this.tracker.answer(JSON.parse(Buffer.from(payload).toString("utf8")) as Asked, link);
            if (answer !== undefined) link.sendJson(answer);
          },
          closed: () => undefined,
        }),
    });
  }

  host(): string {
    this.#hosts += 1;
    return `10.0.0.${this.#hosts}`;
  }

  person(
    name: string,
    options: { readonly allowPlaintext?: boolean; readonly hash?: PasswordHash } = {},
  ): { live: LiveAccount; events: PeerEvent[]; host: string } {
    const host = this.host();
    const network = this.network.host(host);
    const events: PeerEvent[] = [];
    const memory = new SeedMemory();
    const { clock } = this;
    const history = new MemoryHistory();
    const live = new LiveAccount({
      ...{ epochs: new EpochWatch(NO_SETTINGS), copied: () => events.push({ kind: "copied" }) },
      ...{ history, settings: new HistorySettings(history) },
      trackerAddress: () => ({ dialect: "seed", host: "10.0.0.1", port: 6060 }),
      ...{ network, clock, random: seededRandom(7), trackerKey: null, listen: {} },
      ...{ withoutTracker: "no", loggedIn: () => {}, opened: () => {} },
      allowPlaintext: options.allowPlaintext ?? false,
      own: { username: named(name), ...keysFor(name), binding: null },
      pins: new PinKeeper(new NamePins(), NO_FILE, { clock, onProblem: () => undefined }),
      emit: (event) => events.push(event),
      openLine: ({ own, listenFor }, signal) =>
        openSeedLine(
          { network, clock },
          {
            address: { dialect: "seed", host: "10.0.0.1", port: 6060 },
            own,
            credentials: { kind: "password", hash: options.hash ?? HASH },
            memory,
            listenFor,
            signal,
          },
        ),
    });
    return { live, events, host };
  }

  async run<T>(promise: Promise<T>): Promise<T> {
    let isDone = false;
    void promise.finally(() => (isDone = true));
    await this.clock.runUntil(() => isDone);
    return promise;
  }
}

async function world(): Promise<SeedWorld> {
  const made = new SeedWorld();
  await made.listen();
  return made;
}

function messagesOf(events: readonly PeerEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === "message" && !event.message.own ? [event.message.content] : []));
}

test("two of ours meet in a room of an original tracker and still talk over TLS", async () => {
  const seed = await world();
  const [gabi, nori] = [seed.person("gabi"), seed.person("nori")];
  for (const { live } of [gabi, nori]) expectOk(await seed.run(live.start()));
  const room = expectOk(await seed.run(gabi.live.rooms.create({ name: "SALA TESTE" })));
  assert.equal(room.id, seedRoomId(roomNamed("SALA TESTE")));
  expectOk(await seed.run(nori.live.rooms.join("SALA TESTE")));
  await seed.clock.runUntil(() => gabi.live.reach(named("nori")).kind === "linked");

  const sent = expectOk(await gabi.live.send({ kind: "room", id: room.id }, "olaaaa"));
  await seed.clock.runUntil(() => messagesOf(nori.events).length === 1);
  assert.ok(sent.encrypted);
  assert.ok(gabi.live.links().every((link) => link.encrypted));
  assert.equal(room.kind, "plain");
  assert.equal(gabi.events.filter(({ kind }) => kind === "member-joined").length, 1);
});

test("I7: an original peer is spoken to in clear only with leave; without it TLS is tried and nothing more", async () => {
  for (const allowPlaintext of [false, true]) {
    const seed = await world();
    const gabi = seed.person("gabi", { allowPlaintext });
    expectOk(await seed.run(gabi.live.start()));
    const room = expectOk(await seed.run(gabi.live.rooms.create({ name: "TESTE" })));
    const talks: Talk[] = [];
    const listener = await seed.network.host("10.0.0.50").listen({
      ...{
        identity: createTlsIdentity(),
        alpn: "none",
        queueBytesMax: LINK_QUEUE_BYTES_MAX,
        host: "::",
        port: 5_000,
        dialects: ["seed"],
      },
      onLink: (link) => talks.push(new Talk(link)),
    });
    assert.ok(listener.ok);
    seed.tracker.seats.set("yuki", {
      username: "yuki",
      address: "10.0.0.50",
      port: 5_000,
      last_ping: {},
      connected: true,
    });
    seed.tracker.join("TESTE", "yuki");
    await seed.clock.runUntil(() => gabi.live.rooms.one(room.id)?.members.length === 2);
    const sent = expectOk(await gabi.live.send({ kind: "room", id: room.id }, "olaaaa"));
    await seed.clock.advance(30_000);

    const said = talks.flatMap((talk) => talk.heard.map((text) => (JSON.parse(text) as { cmd: string }).cmd));
    assert.deepEqual(said, allowPlaintext ? ["HELLO", "MESSAGE"] : []);
    const now = gabi.live.messages({ kind: "room", id: room.id })[0];
    assert.equal(now?.id, sent.id);
    assert.equal(now?.encrypted, !allowPlaintext);
  }
});

test("a wrong password, a full and a missing room are told in our codes", async () => {
  const seed = await world();
  const wrong = await seed.run(seed.person("gabi", { hash: "1".repeat(64) as PasswordHash }).live.start());
  assert.equal(!wrong.ok && wrong.fault.code, "invalid_credentials");
  const gabi = seed.person("gabi");
  expectOk(await seed.run(gabi.live.start()));
  seed.tracker.rooms.set("FULL", ["a", "b", "c"]);
  const codes = [];
  for (const name of ["FULL", "NOWHERE"]) {
    const joined: Outcome<unknown> = await seed.run(gabi.live.rooms.join(name));
    codes.push(!joined.ok && joined.fault.code);
  }
  assert.deepEqual(codes, ["room_full", "room_missing"]);
});

test("joining another room leaves the first", async () => {
  const seed = await world();
  const gabi = seed.person("gabi");
  expectOk(await seed.run(gabi.live.start()));
  for (const name of ["UM", "DOIS"]) expectOk(await seed.run(gabi.live.rooms.create({ name })));
  assert.deepEqual(
    gabi.live.rooms.all().map(({ name }) => name),
    ["DOIS"],
  );
  assert.deepEqual(seed.tracker.rooms.get("UM"), []);
});

test("F2: back at an original tracker, the hash logs in again and the room is entered again", async () => {
  const seed = await world();
  const gabi = seed.person("gabi");
  expectOk(await seed.run(gabi.live.start()));
  expectOk(await seed.run(gabi.live.rooms.create({ name: "TESTE" })));
  seed.tracker.asked.length = 0;
  seed.tracker.rooms.set("TESTE", []);
  seed.tracker.links.get("gabi")?.destroy(fault("lost", "killed"));
  await seed.clock.runUntil(() => gabi.live.state.kind === "waiting");
  await seed.clock.runUntil(() => gabi.live.state.kind === "online");
  assert.deepEqual(
    seed.tracker.asked.slice(0, 2).map(({ cmd, room }) => [cmd, room]),
    [
      ["LOGIN", undefined],
      ["JOIN_ROOM", "TESTE"],
    ],
  );
  assert.deepEqual(seed.tracker.rooms.get("TESTE"), ["gabi"]);
  assert.equal(gabi.live.rooms.all().length, 1);
});
