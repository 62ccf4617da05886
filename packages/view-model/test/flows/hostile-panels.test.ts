// Goal: no name, text or answer of others can change what a panel is, wherever it stands in it.
// Method: every flow with names and texts that carry escapes, bidi and line breaks (as an original tracker's files and hostile programs bring them); what the panels show is looked at.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation, Room } from "@papo/peer/api";
import { type AccountKey, type RoomName, succeed, type Username } from "@papo/protocol";
import type { TabbedScreen } from "../../src/flows/tabbed-screen.ts";
import { openRequests } from "../../src/flows/contact-requests.ts";
import { openInviteForm } from "../../src/flows/invite-panel.ts";
import { openPeople } from "../../src/flows/people-list.ts";
import { openRoomList } from "../../src/flows/room-list.ts";
import { openSearch } from "../../src/flows/search-panel.ts";
import { signIn } from "../../src/flows/sign-in.ts";
import { openSwitcher } from "../../src/flows/switcher.ts";
import { openVerify } from "../../src/flows/verify-panel.ts";
import { keptMessage, keptRoom, ROOM } from "../scripted-peer.ts";
import { FlowRig, settled, shownBy } from "./flow-rig.ts";

const NASTY = "x\u001b[2J\u001b]0;t\u0007\r\n[12:00] <bob> hi\u202e\u200f\u2028\u0085\u009b5n\b\u{e0041}";
const NAME = NASTY as Username;
const ROOM_OF_IT: Room = { ...keptRoom({ topic: NASTY }), name: NASTY as RoomName };
const KEY = "k".repeat(42).concat("A") as AccountKey;
const OF: Conversation = { kind: "private", username: NAME };

function rigOfNasties(): FlowRig {
  const listed = { id: ROOM_OF_IT.id, name: ROOM_OF_IT.name, kind: "open", owner: NAME, joined: false } as const;
  const message = { ...keptMessage("nori", NASTY), author: NAME };
  return new FlowRig({
    knownAccounts: () =>
      Promise.resolve([1, 2].map(() => ({ username: NAME, tracker: "papo://127.0.0.1:6060", inUse: false }))),
    rooms: () => [ROOM_OF_IT],
    room: (id) => (id === ROOM ? ROOM_OF_IT : undefined),
    conversations: () => [{ conversation: OF, title: NASTY, unread: 1 }],
    listRooms: () =>
      Promise.resolve(succeed({ rooms: [{ ...listed, members: 1, online: 1, capacity: 2, version: 1 }], next: null })),
    listPeers: () =>
      Promise.resolve(
        succeed({ peers: [{ username: NAME, account: null, connected: true, room: ROOM_OF_IT.name }], next: null }),
      ),
    contactRequests: () => [{ username: NAME, account: KEY, text: NASTY, atMs: 0 }],
    keyChanges: () => [],
    safetyNumber: (username) => succeed({ username, groups: ["12345"], qr: "code", verified: true }),
    search: () => Promise.resolve(succeed([{ message, cursor: "c" as never }])),
  });
}

const OPENS: Readonly<Record<string, (screen: TabbedScreen, rig: FlowRig) => void>> = {
  "room list": (screen) => openRoomList(screen),
  "people list": (screen) => openPeople(screen),
  "contact request": (screen) => openRequests(screen),
  "invite form": (screen) => openInviteForm(screen, ROOM_OF_IT),
  "safety number": (screen) => openVerify(screen, NAME),
  "search panel": (screen) => openSearch(screen, "x"),
  switcher: (screen) => openSwitcher(screen, { key: "t1" } as never),
  "sign-in": ({ peer, texts, tabs }, rig) => {
    const completePath = () => Promise.resolve([]);
    void signIn({ peer, texts, panels: tabs.panels, opensLast: true, quit: () => rig.quit(), completePath });
  },
};

for (const [name, open] of Object.entries(OPENS)) {
  test(`R1, R2, R4, R5, R7, R8, R9: nothing that others wrote leaves its place in the ${name}`, async () => {
    const rig = rigOfNasties();
    open(rig.screen, rig);
    await settled();
    const shown = shownBy(rig.front);
    assert.match(shown.join("\n"), /bob/u, "it stands there");
    for (const text of shown) {
      assert.doesNotMatch(
        text,
        /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u,
        name,
      );
    }
  });
}

test("R1, R7: a key that changed is told of a hostile name as of any other", () => {
  const rig = rigOfNasties();
  const change = { username: NAME, known: KEY, offered: KEY };
  Object.assign(rig.peer, { keyChanges: () => [change] });
  openVerify(rig.screen, NAME);
  const shown = shownBy(rig.front);
  assert.match(shown.join("\n"), /bob/u);
  for (const text of shown) assert.doesNotMatch(text, /[\p{Cc}\u202a-\u202e]/u);
});
