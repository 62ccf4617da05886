// Goal: rooms and people are found, entered and made in panels, faults are told where they happen, and nothing that others named leads anywhere else.
// Method: a peer that answers what the test lays out; panels are handled as a screen handles them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ListedRoom, Room } from "@papo/peer/api";
import { fail, type ListedPeer, type Outcome, type RoomId, type RoomName, succeed } from "@papo/protocol";
import { openCreateRoom } from "../../src/flows/create-room-form.ts";
import { openFirstSteps } from "../../src/flows/first-steps.ts";
import { openJoinForm } from "../../src/flows/join-form.ts";
import { openPeople } from "../../src/flows/people-list.ts";
import { openRoomList } from "../../src/flows/room-list.ts";
import { keptRoom, user } from "../scripted-peer.ts";
import { FlowRig, settled } from "./flow-rig.ts";

function listed(name: string, more: Partial<ListedRoom> = {}): ListedRoom {
  const id = name.padEnd(42, "r").slice(0, 42).concat("A") as RoomId;
  const counts = { members: 3, online: 1, capacity: 50, version: 1 };
  return { id, name: name as RoomName, kind: "open", owner: user("ana"), joined: false, ...counts, ...more };
}

const HELD = "h".repeat(42).concat("A") as RoomId;
const NEW: Room = { ...keptRoom(), id: "n".repeat(42).concat("A") as RoomId, name: "Nova" as RoomName };

function rigWith(rooms: readonly ListedRoom[], more: ConstructorParameters<typeof FlowRig>[0] = {}) {
  const asked: string[] = [];
  const rig = new FlowRig({
    rooms: () => [],
    room: () => undefined,
    listRooms: ({ query = "", after } = {}) => {
      asked.push(`list ${query} ${after ?? ""}`.trim());
      return Promise.resolve(succeed({ rooms: rooms.filter(({ name }) => name.includes(query)), next: null }));
    },
    joinRoom: (name) => (asked.push(`join ${name}`), Promise.resolve(succeed(NEW))),
    createRoom: (room) => (asked.push(`create ${JSON.stringify(room)}`), Promise.resolve(succeed(NEW))),
    ...more,
  });
  return { rig, asked };
}

test("the tracker's rooms are listed, searched while one types, and entered by Enter", async () => {
  const { rig, asked } = rigWith([listed("TESTE"), listed("Café", { kind: "invite", joined: true })]);
  openRoomList(rig.screen);
  await settled();
  assert.match(rig.shown(), /TESTE[\s\S]*3\/50[\s\S]*Café[\s\S]*by invitation · you are in it · 3\/50/u);
  rig.list.setFilter("TES");
  await settled();
  assert.equal(rig.list.rows.length, 1);
  await rig.list.choose();
  assert.deepEqual(asked, ["list", "list TES", "join TESTE"]);
  assert.deepEqual(rig.opened, [{ kind: "room", id: NEW.id }]);
  assert.match(rig.said.join("\n"), /IP address/u);
  assert.equal(rig.host.front, undefined);
});

test("letters typed while an answer is awaited are asked for together", async () => {
  const { rig, asked } = rigWith([listed("TESTE")]);
  openRoomList(rig.screen);
  for (const typed of ["T", "TE", "TES"]) rig.list.setFilter(typed);
  await settled();
  assert.deepEqual(asked, ["list", "list TES"]);
});

test("further pages are fetched when the end is reached", async () => {
  const pages: Record<string, Outcome<{ rooms: readonly ListedRoom[]; next: RoomName | null }>> = {
    "": succeed({ rooms: [listed("a"), listed("b")], next: "b" as RoomName }),
    b: succeed({ rooms: [listed("c")], next: null }),
  };
  const { rig } = rigWith([], {
    listRooms: ({ after = "" } = {}) => Promise.resolve(pages[after] ?? fail("busy", "")),
  });
  openRoomList(rig.screen);
  await settled();
  rig.list.select(1);
  await settled();
  assert.deepEqual(
    rig.list.rows.map(({ spans }) => spans[0]?.text),
    ["a", "b", "c"],
  );
  assert.equal(rig.list.selected, 1);
});

test("without a tracker the rooms of this computer are listed, with what is wrong", async () => {
  const own = { ...keptRoom({ standing: "left", unread: 2 }), id: HELD };
  const { rig, asked } = rigWith([], {
    rooms: () => [own],
    room: () => own,
    listRooms: () => Promise.resolve(fail("tracker_unreachable", "")),
  });
  openRoomList(rig.screen);
  await settled();
  assert.match(rig.shown(), /TESTE[\s\S]*left · 2 new · kept here[\s\S]*The tracker does not answer/u);
  await rig.list.choose();
  assert.deepEqual([asked, rig.opened], [[], [{ kind: "room", id: HELD }]]);
});

test("a room that cannot be entered says why in the list, which stays", async () => {
  const { rig } = rigWith([listed("TESTE")], { joinRoom: () => Promise.resolve(fail("room_full", "")) });
  openRoomList(rig.screen);
  await settled();
  await rig.list.choose();
  assert.match(rig.list.remark ?? "", /TESTE.* is full/u);
});

test("a room is made of a kind, for so many people", async () => {
  const { rig, asked } = rigWith([]);
  openCreateRoom(rig.screen);
  assert.doesNotMatch(JSON.stringify(rig.form.fields), /plain/u);
  await rig.fills("", "open", "");
  assert.match(rig.form.remark?.text ?? "", /1 to 64/u);
  await rig.fills("Nova", "invite", "1");
  assert.match(rig.form.remark?.text ?? "", /2 to 1000/u);
  await rig.fills("Nova", "invite", "12");
  assert.deepEqual(asked, [`create {"name":"Nova","kind":"invite","capacity":12}`]);
  assert.deepEqual(rig.opened, [{ kind: "room", id: NEW.id }]);
  assert.equal(rig.host.front, undefined);
});

test("who makes a room by invitation says whether newcomers read what was said before", async () => {
  const { rig, asked } = rigWith([]);
  openCreateRoom(rig.screen);
  const helps = ["open", "invite", "inviteAll"].map((kind) => (rig.form.setValue(1, kind), rig.form.fields[1]?.help));
  assert.match(helps[1] ?? "", /from then on/u);
  assert.match(helps[2] ?? "", /before they came/u);
  await rig.fills("Nova", "inviteAll", "");
  assert.deepEqual(asked, [`create {"name":"Nova","kind":"invite","history":"all"}`]);
});

test("plain rooms are offered only where they are allowed", () => {
  const { rig } = rigWith([]);
  rig.allowPlaintext = true;
  openCreateRoom(rig.screen);
  assert.deepEqual(
    rig.form.fields[1]?.options?.map(({ value }) => value),
    ["open", "invite", "inviteAll", "plain"],
  );
});

test("a link is taken as it was copied, broken into lines; waiting for its inviter is said", async () => {
  const links: string[] = [];
  const { rig } = rigWith([], {
    joinByInvite: (link) => (links.push(link), Promise.resolve(fail("peer_offline", ""))),
  });
  openJoinForm(rig.screen);
  await rig.fills("papo://127.0.0.1:6060/#i=abc   def");
  assert.deepEqual(links, ["papo://127.0.0.1:6060/#i=abcdef"]);
  assert.match(rig.said.join("\n"), /goes on asking/u);
  assert.equal(rig.host.front, undefined);
});

test("the first steps stay until a room is open, and lead back when one thinks better of it", async () => {
  const { rig } = rigWith([listed("TESTE")]);
  openFirstSteps(rig.screen, user("gabi"));
  await rig.chooses("c");
  rig.front.dismiss?.();
  assert.match(rig.shown(), /What would you like/u);
  await rig.chooses("r");
  await rig.list.choose();
  await settled();
  assert.equal(rig.opened.length, 1);
  assert.equal(rig.host.front, undefined);
});

test("people are found and written to; why somebody cannot be reached is said in the list", async () => {
  const person = (name: string): ListedPeer => ({
    ...{ username: user(name), account: null, connected: true, room: null },
  });
  let answer: Outcome<{ username: ReturnType<typeof user>; encrypted: boolean }> = fail("peer_offline", "");
  const { rig } = rigWith([], {
    listPeers: () => Promise.resolve(succeed({ peers: [person("gabi"), person("nori")], next: null })),
    openPrivate: () => Promise.resolve(answer),
  });
  openPeople(rig.screen);
  await settled();
  assert.deepEqual(
    rig.list.rows.map(({ key }) => key),
    ["nori"],
    "not oneself",
  );
  await rig.list.choose();
  assert.match(rig.list.remark ?? "", /nori is not online/u);
  answer = succeed({ username: user("nori"), encrypted: false });
  await rig.list.choose();
  assert.deepEqual(rig.opened, [{ kind: "private", username: "nori" }]);
  assert.match(rig.said.join("\n"), /without encryption/u);
});
