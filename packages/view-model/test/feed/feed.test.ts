// Goal: a screen says what happens in its conversation, once, in the report's words, and little of what happens elsewhere.
// Method: events through the pure step; lines compared as text.
import assert from "node:assert/strict";
import test from "node:test";
import type { Conversation, Delivery, LinkReport, Message, PeerEvent, Room, RoomMember } from "@papo/peer/api";
import { type AccountKey, decodeWith, type MessageId, type RoomId, roomName, username } from "@papo/protocol";
import {
  catalogueOf,
  clockTime,
  expectEnd,
  type FeedState,
  feedStep,
  focusOn,
  INITIAL_FEED,
  memberLines,
  type ShownLine,
} from "@papo/view-model";

const texts = catalogueOf("pt-BR");
const AT = new Date(2025, 5, 14, 18, 46, 35).getTime();

function user(name: string): RoomMember["username"] {
  const outcome = decodeWith(username, name);
  if (!outcome.ok) throw new Error(outcome.fault.detail);
  return outcome.value;
}

function called(name: string): Room["name"] {
  const outcome = decodeWith(roomName, name);
  if (!outcome.ok) throw new Error(outcome.fault.detail);
  return outcome.value;
}

const ID = "r".repeat(42).concat("A") as RoomId;
const here: Conversation = { kind: "room", id: ID };

function member(name: string, more: Partial<RoomMember> = {}): RoomMember {
  const reach = { kind: "linked", encrypted: true, path: "direct" } as const;
  return { username: user(name), account: null, online: true, trust: "unverified", reach, ...more };
}

function roomWith(...members: readonly RoomMember[]): Room {
  const all = [member("gabi", { reach: { kind: "self" } }), ...members];
  return {
    id: ID,
    name: called("TESTE"),
    kind: "open",
    owner: user("gabi"),
    capacity: 50,
    members: all,
    memberCount: all.length,
  };
}

/** What a screen shows of these events, and the state that it ends in. */
function told(
  events: readonly PeerEvent[],
  {
    focus = here,
    room = roomWith(member("nori"), member("yuki")),
    from = INITIAL_FEED,
  }: {
    focus?: Conversation | null;
    room?: Room;
    from?: FeedState;
  } = {},
): { lines: readonly string[]; state: FeedState } {
  let state = from === INITIAL_FEED ? focusOn(from, focus) : from;
  const lines = events.flatMap((event) => {
    const step = feedStep(state, event, { texts, atMs: AT, room: (id) => (id === ID ? room : undefined) });
    state = step.state;
    return step.lines.map(plain);
  });
  return { lines, state };
}

function plain(line: ShownLine): string {
  const time = line.atMs === undefined ? "" : `[${clockTime(line.atMs)}] `;
  return [time + line.spans.map(({ text }) => text).join(""), ...(line.more ?? [])].join("|");
}

let count = 0;
function message(author: string, content: string, more: Partial<Message> = {}): Message {
  count += 1;
  const id = String(count).padStart(21, "m").concat("A") as MessageId;
  return {
    id,
    conversation: here,
    author: user(author),
    own: author === "gabi",
    content,
    atMs: AT,
    encrypted: true,
    delivery: null,
    ...more,
  };
}

const says = (author: string, content: string, more: Partial<Message> = {}): PeerEvent => ({
  kind: "message",
  message: message(author, content, more),
});
const link = (name: string, encrypted = true): PeerEvent => {
  const report: LinkReport = {
    username: user(name),
    device: null,
    encrypted,
    group: null,
    dialledByUs: true,
    openedAtMs: AT,
  };
  return { kind: "linked", link: report };
};
const fault = (
  code: "lost" | "closed" | "peer_offline" | "unreachable" | "identity_changed" | "tracker_unreachable" | "replaced",
) => ({ code, detail: "" });

test("messages: here as chat, from elsewhere as a notice, unencrypted ones marked on every line", () => {
  const { lines } = told([
    says("nori", "olaaaa"),
    says("nori", "às claras", { encrypted: false }),
    says("yuki", "oi", { conversation: { kind: "private", username: user("yuki") } }),
    says("yuki", "oi", { conversation: { kind: "private", username: user("yuki") }, encrypted: false }),
    says("ana", "longe", { conversation: { kind: "room", id: "o".repeat(42).concat("A") as RoomId } }),
  ]);
  assert.deepEqual(lines, [
    "[18:46:35] <nori> olaaaa",
    "[18:46:35] <nori> (sem cifra) às claras",
    "[18:46:35] [PRIVADO de yuki] oi",
    "[18:46:35] [PRIVADO de yuki] (sem cifra) oi",
    "[18:46:35] [SALA ?] <ana> longe",
  ]);
  assert.deepEqual(told([says("nori", "oi")], { focus: null }).lines, ["[18:46:35] [SALA TESTE] <nori> oi"]);
});

test("an own message that is told twice stands once; elsewhere not at all", () => {
  const own = says("gabi", "olaaaa");
  assert.deepEqual(told([own, own]).lines, ["[18:46:35] <gabi> olaaaa"]);
  assert.deepEqual(told([own], { focus: null }).lines, []);
});

test("a text of several lines keeps them under its own", () => {
  assert.deepEqual(told([says("nori", "a\r\nb\n[12:00:00] <gabi> c\n\n")]).lines, [
    "[18:46:35] <nori> a|b|[12:00:00] <gabi> c",
  ]);
});

test("§6.6: who comes, goes, is there and is not", () => {
  const room = roomWith(member("yuki"));
  const events = (["member-joined", "member-offline", "member-online", "member-left"] as const).map(
    (kind): PeerEvent => ({ kind, room, username: user("yuki") }),
  );
  const updated = "[ATUALIZAÇÃO DA SALA] A configuração da sala 'TESTE' foi atualizada.";
  assert.deepEqual(told(events).lines, [
    updated,
    "[18:46:35] *** yuki entrou na sala.",
    "[18:46:35] *** yuki ficou offline.",
    "[18:46:35] *** yuki está online.",
    updated,
    "[18:46:35] *** yuki saiu da sala.",
  ]);
  assert.deepEqual(told(events, { focus: null }).lines, []);
});

test("links: the first and the last of a name are told, and whether it was a goodbye", () => {
  const ends = (code: "lost" | "closed"): PeerEvent => ({
    kind: "unlinked",
    username: user("nori"),
    reason: fault(code),
  });
  assert.deepEqual(
    told([link("nori"), link("nori"), ends("closed"), ends("closed"), link("nori", false), ends("lost")]).lines,
    [
      "[CONEXÃO P2P] nori se conectou.",
      "[CONEXÃO P2P] nori se desconectou.",
      "[CONEXÃO P2P] nori se conectou (sem cifra).",
      "[CONEXÃO P2P] A conexão com nori caiu; tentando de novo.",
    ],
  );
  assert.deepEqual(told([link("estranha")]).lines, []);
  const early = told([link("yuki")], { room: roomWith() });
  const joined: PeerEvent = { kind: "member-joined", room: roomWith(member("yuki")), username: user("yuki") };
  assert.equal(told([joined], { from: early.state }).lines.at(-1), "[CONEXÃO P2P] yuki se conectou.");
});

test("somebody out of reach is told once until the next link", () => {
  const unreachable: PeerEvent = { kind: "unreachable", username: user("nori"), reason: fault("unreachable") };
  const { lines } = told([unreachable, unreachable, link("nori"), unreachable]);
  assert.equal(lines.filter((line) => line.startsWith("[AVISO] Não foi possível conectar a nori.")).length, 2);
});

test("a message that waits says why once, and says when it got out", () => {
  const held = (code: "peer_offline" | "identity_changed"): Delivery => ({ kind: "held", reason: fault(code) });
  const own = message("gabi", "oi", { delivery: held("peer_offline") });
  const then = (delivery: Delivery): PeerEvent => ({ kind: "delivery", message: { ...own, delivery } });
  const { lines } = told([
    { kind: "message", message: own },
    then(held("peer_offline")),
    then(held("identity_changed")),
    then({ kind: "sent", received: 1, silent: 0, of: 2 }),
    then({ kind: "sent", received: 2, silent: 0, of: 2 }),
  ]);
  assert.deepEqual(lines, [
    "[18:46:35] <gabi> oi",
    "[AVISO] Ainda não entregue: ninguém mais da sala está conectado.",
    "[AVISO] Ainda não entregue. A chave deste contato mudou. Nada é enviado até você decidir: /aceitar NOME ou /bloquear NOME.",
    "[AVISO] Entregue agora: “oi”",
  ]);
});

test("that a message did not reach everyone is told when all who are connected have it, once and not for each", () => {
  const room = roomWith(member("nori"), member("yuki", { online: false, reach: { kind: "offline" } }));
  const sent = (received: number, silent = 0): PeerEvent => ({
    kind: "delivery",
    message: message("gabi", "oi", { delivery: { kind: "sent", received, silent, of: 2 } }),
  });
  const first = told([sent(0), sent(1), sent(1)], { room });
  assert.deepEqual(first.lines, [
    "[AVISO] Recebida por 1 de 2; os outros recebem quando se conectarem, enquanto este programa estiver aberto.",
  ]);
  assert.equal(told([sent(2), sent(1, 0)], { room, from: first.state }).lines.length, 1);
  assert.deepEqual(told([sent(1), sent(1, 1)]).lines, [], "with everybody connected, confirmations are only under way");
});

test("a lost tracker is told once, and its return; a refusal says why", () => {
  const waiting: PeerEvent = {
    kind: "tracker",
    state: { kind: "waiting", retryInMs: 1, reason: fault("tracker_unreachable") },
  };
  const connecting: PeerEvent = { kind: "tracker", state: { kind: "connecting", attempt: 1 } };
  const online: PeerEvent = { kind: "tracker", state: { kind: "online", username: user("gabi"), encrypted: true } };
  const refused: PeerEvent = { kind: "tracker", state: { kind: "refused", reason: fault("replaced") } };
  assert.deepEqual(told([connecting, waiting]).lines, [], "signing in says its own failure");
  assert.deepEqual(told([online, waiting, connecting, waiting, connecting, online, online, refused]).lines, [
    "[AVISO] Conexão com o tracker perdida. O tracker não responde. As conversas abertas continuam; tentando reconectar.",
    "[AVISO] Conexão com o tracker restabelecida.",
    "[AVISO] O tracker encerrou a sessão. Sua conta entrou em outro lugar com este mesmo dispositivo. Feche um dos dois e faça login aqui de novo.",
  ]);
});

test("a changed key is a block with both keys and both choices", () => {
  const change = { username: user("nori"), known: "k".repeat(43) as AccountKey, offered: "o".repeat(43) as AccountKey };
  const { lines } = told([{ kind: "key-changed", change }], { focus: null });
  assert.equal(lines.length, 8);
  assert.equal(lines[1], "ATENÇÃO: a chave de nori mudou.");
  assert.ok(lines[4]?.includes("kkkkkk kkkkkk"));
  assert.match(lines[6] ?? "", /\/aceitar nori .*\/bloquear nori/u);
});

test("a room's end is news unless the user made it", () => {
  const closed: PeerEvent = { kind: "room-closed", id: ID, name: called("TESTE"), reason: "deleted" };
  assert.deepEqual(told([closed]).lines, ["[AVISO] A sala 'TESTE' foi deletada por quem a criou."]);
  assert.deepEqual(told([closed], { from: expectEnd(focusOn(INITIAL_FEED, here), ID) }).lines, []);
});

test("/users: presence, path, ownership and how far the key can be believed", () => {
  const room = roomWith(
    member("nori", { trust: "verified" }),
    member("velho", { trust: "none", reach: { kind: "linked", encrypted: false, path: "direct" } }),
    member("yuki", { online: false, reach: { kind: "offline" }, trust: "changed" }),
  );
  assert.deepEqual(memberLines(room, texts).map(plain), [
    "--- Usuários na sala (4/50) ---",
    "- gabi (você, dono da sala)",
    "- nori (online, criptografado, chave verificada)",
    "- velho (online, sem cifra, sem chave)",
    "- yuki (offline, CHAVE MUDOU)",
  ]);
});
