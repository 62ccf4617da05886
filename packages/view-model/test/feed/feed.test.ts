// Goal: a screen says what happens in its conversation, once, in the report's words, and little of what happens elsewhere.
// Method: events through the pure step; lines compared as text.
import assert from "node:assert/strict";
import test from "node:test";
import type {
  TrackerState,
  Conversation,
  Delivery,
  KeyChange,
  LinkReport,
  Message,
  PeerEvent,
  Room,
  RoomMember,
} from "@papo/peer/api";
import {
  type AccountKey,
  decodeWith,
  type FaultCode,
  type MessageId,
  type RoomId,
  roomName,
  username,
} from "@papo/protocol";
import {
  catalogueOf,
  clockTime,
  decided,
  expectEnd,
  type FeedState,
  feedStep,
  focusOn,
  INITIAL_FEED,
  lastDeliveryLine,
  memberLines,
  trackerLines,
  ownKeyLine,
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
    changes = [],
  }: {
    focus?: Conversation | null;
    room?: Room;
    from?: FeedState;
    changes?: readonly KeyChange[];
  } = {},
): { lines: readonly string[]; state: FeedState } {
  let state = from === INITIAL_FEED ? focusOn(from, focus) : from;
  const lines = events.flatMap((event) => {
    const view = { texts, atMs: AT, room: (id: RoomId) => (id === ID ? room : undefined), keyChanges: () => changes };
    const step = feedStep(state, event, view);
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
const link = (name: string, encrypted = true, path: LinkReport["path"] = "direct"): PeerEvent => {
  const report: LinkReport = {
    username: user(name),
    device: null,
    encrypted,
    group: null,
    path,
    dialledByUs: true,
    openedAtMs: AT,
  };
  return { kind: "linked", link: report };
};
const fault = (code: FaultCode) => ({ code, detail: "" });
const ends = (name: string, code: FaultCode): PeerEvent => ({
  kind: "unlinked",
  username: user(name),
  reason: fault(code),
});
const unreachable = (name: string, code: FaultCode): PeerEvent => ({
  kind: "unreachable",
  username: user(name),
  reason: fault(code),
});
const presence = (kind: "member-online" | "member-offline", name: string): PeerEvent => ({
  kind,
  room: roomWith(member(name)),
  username: user(name),
});

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
    "[18:46:35] <nori> (sem criptografia) às claras",
    "[18:46:35] [PRIVADO de yuki] oi",
    "[18:46:35] [PRIVADO de yuki] (sem criptografia) oi",
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
  assert.deepEqual(
    told([
      ...[link("nori"), link("nori"), ends("nori", "closed"), ends("nori", "closed")],
      ...[link("nori", false), ends("nori", "lost"), link("nori")],
    ]).lines,
    [
      "[CONEXÃO P2P] nori se conectou.",
      "[CONEXÃO P2P] nori se desconectou.",
      "[CONEXÃO P2P] nori se conectou (sem criptografia).",
      "[CONEXÃO P2P] A conexão com nori caiu; tentando de novo.",
      "[CONEXÃO P2P] nori se conectou.",
    ],
  );
  assert.deepEqual(told([link("estranha")]).lines, []);
  const early = told([link("yuki")], { room: roomWith() });
  const joined: PeerEvent = { kind: "member-joined", room: roomWith(member("yuki")), username: user("yuki") };
  assert.equal(told([joined], { from: early.state }).lines.at(-1), "[CONEXÃO P2P] yuki se conectou.");
  const far = member("yuki", { reach: { kind: "linked", encrypted: true, path: "relayed" } });
  const relayed: PeerEvent = { kind: "member-joined", room: roomWith(far), username: user("yuki") };
  assert.equal(told([relayed], { from: early.state }).lines.at(-1), "[CONEXÃO P2P] yuki se conectou (por relay).");
});

test("F3: an account that opens without a tracker says what goes on, and its return says how long it was gone", () => {
  const tracker = (state: TrackerState): PeerEvent => ({ kind: "tracker", state });
  const waiting = { kind: "waiting", retryInMs: 2_400, reason: fault("tracker_unreachable") } as const;
  const online = { kind: "online", username: user("gabi"), encrypted: true } as const;
  assert.deepEqual(told([tracker(waiting)]).lines, [], "a first attempt is answered where it was asked for");

  const absent = told([tracker({ ...waiting, sinceMs: AT - 200_000 }), tracker({ ...waiting, sinceMs: AT - 200_000 })]);
  assert.deepEqual(absent.lines, [
    "[AVISO] Nenhum tracker responde. Dá para ler e escrever no que está guardado aqui, e quem se alcança sem ele recebe. Nova tentativa em 2 s, depois com intervalos cada vez maiores.",
  ]);
  assert.deepEqual(told([tracker(online)], { from: absent.state }).lines, [
    "[AVISO] Conexão com o tracker restabelecida. Ele ficou fora por 3 min.",
  ]);

  const listed = (state: TrackerState) => trackerLines(state, AT, texts).map(plain);
  assert.deepEqual(listed({ kind: "connecting", attempt: 4, sinceMs: AT - 7_000 }), [
    "O tracker está fora há 7 s, então não dá para saber quem mais está online. O Papo continua tentando alcançá-lo.",
  ]);
  assert.deepEqual([...listed(online), ...listed({ kind: "connecting", attempt: 1 })], []);
});

test("somebody who goes or comes is told once, whoever says it first: the link or the tracker", () => {
  const [online, offline] = [presence("member-online", "nori"), presence("member-offline", "nori")];
  const linked = link("nori");
  const connected = "[CONEXÃO P2P] nori se conectou.";
  const gone = "[CONEXÃO P2P] nori se desconectou.";
  const isOffline = "[18:46:35] *** nori ficou offline.";
  const isOnline = "[18:46:35] *** nori está online.";
  const goodbye = ends("nori", "closed");
  assert.deepEqual(told([linked, goodbye, offline, online, linked]).lines, [connected, gone, isOnline]);
  assert.deepEqual(told([linked, offline, goodbye, linked, online]).lines, [connected, isOffline, connected]);
  assert.deepEqual(told([linked, ends("nori", "lost"), unreachable("nori", "unreachable"), offline]).lines, [
    connected,
    "[CONEXÃO P2P] A conexão com nori caiu; tentando de novo.",
  ]);
  const later = focusOn(told([linked, offline]).state, here);
  assert.deepEqual(told([offline], { from: later }).lines, [isOffline], "another screen has told nothing yet");
});

test("somebody out of reach is told once until the next link; what passes by itself without its cause", () => {
  const [firewall, closed] = [unreachable("nori", "unreachable"), unreachable("nori", "closed")];
  const notYet = "[AVISO] Ainda sem conexão com nori; tentando de novo.";
  const inTheWay =
    "[AVISO] Não foi possível conectar a nori. Pode haver um firewall ou roteador no caminho; o Papo continua tentando.";
  assert.deepEqual(told([firewall, firewall, closed, firewall]).lines, [inTheWay]);
  assert.deepEqual(told([closed, firewall]).lines, [notYet, inTheWay]);
  assert.deepEqual(told([closed, closed, link("nori"), ends("nori", "lost"), closed, firewall]).lines, [
    notYet,
    "[CONEXÃO P2P] nori se conectou.",
    "[CONEXÃO P2P] A conexão com nori caiu; tentando de novo.",
  ]);
  const back = presence("member-online", "nori");
  assert.deepEqual(told([back, closed, link("nori")]).lines, [
    "[18:46:35] *** nori está online.",
    notYet,
    "[CONEXÃO P2P] nori se conectou.",
  ]);
  const refused = told([closed, unreachable("nori", "plaintext_refused")]).lines;
  assert.match(refused[1] ?? "", /O outro programa não usa criptografia\. .*--allow-plaintext/u);
});

const held = (code: FaultCode): Delivery => ({ kind: "held", reason: fault(code) });
const sent = (received: number, of: number, unconfirmed = 0): Delivery => ({
  kind: "sent",
  received,
  silent: unconfirmed,
  of,
});
const delivered = (own: Message, delivery: Delivery): PeerEvent => ({
  kind: "delivery",
  message: { ...own, delivery },
});

test("a message that waits says why once, also when more wait for the same, and each says when it got out", () => {
  const own = message("gabi", "oi", { delivery: held("peer_offline") });
  const more = message("gabi", "alguém aí?", { delivery: held("unreachable") });
  const { lines } = told([
    { kind: "message", message: own },
    { kind: "message", message: more },
    delivered(own, held("peer_offline")),
    delivered(own, held("plaintext_refused")),
    delivered(own, sent(1, 2)),
    delivered(more, sent(0, 2, 1)),
  ]);
  assert.deepEqual(lines, [
    "[18:46:35] <gabi> oi",
    "[AVISO] Ainda não entregue: ninguém mais da sala está conectado.",
    "[18:46:35] <gabi> alguém aí?",
    "[AVISO] Ainda não entregue. O outro programa não usa criptografia. Inicie o papo com --allow-plaintext se quiser conversar mesmo assim.",
    "[AVISO] Entregue agora: “oi”",
    "[AVISO] Enviada agora: “alguém aí?”",
  ]);
});

test("a private message for somebody whose key changed says what it waits for, and what became of it", () => {
  const conversation: Conversation = { kind: "private", username: user("nori") };
  const own = message("gabi", "oi", { conversation, delivery: held("identity_changed") });
  const event: PeerEvent = { kind: "message", message: own };
  const change = { username: user("nori"), known: "k".repeat(43) as AccountKey, offered: "o".repeat(43) as AccountKey };
  const noteOf = (options: Parameters<typeof told>[1]) => told([event], { focus: conversation, ...options }).lines[1];
  assert.equal(
    noteOf({ changes: [change] }),
    "[AVISO] Não enviada: decida antes sobre a chave nova, com /aceitar nori ou /bloquear nori.",
  );
  const start = focusOn(INITIAL_FEED, conversation);
  assert.equal(noteOf({ from: decided(start, user("nori"), "block") }), "[AVISO] Não enviada: você bloqueou nori.");
  assert.equal(
    noteOf({ from: decided(start, user("nori"), "accept") }),
    "[AVISO] Não enviada: foi escrita para a chave anterior de nori. Se quiser, envie de novo.",
  );
});

test("that a message did not reach everyone is told when all who are connected have it, once and not for each, and so is its end", () => {
  const room = roomWith(member("nori"), member("yuki", { online: false, reach: { kind: "offline" } }));
  const [one, two] = [message("gabi", "oi"), message("gabi", "e aí?")];
  const first = told(
    [
      { kind: "message", message: { ...one, delivery: sent(0, 2) } },
      delivered(one, sent(1, 2)),
      delivered(one, sent(1, 2)),
      { kind: "message", message: { ...two, delivery: sent(1, 2) } },
    ],
    { room },
  );
  assert.deepEqual(first.lines, [
    "[18:46:35] <gabi> oi",
    "[AVISO] Recebida por 1 de 2; quem falta recebe ao se conectar, enquanto este Papo estiver aberto.",
    "[18:46:35] <gabi> e aí?",
  ]);
  assert.deepEqual(told([delivered(one, sent(2, 2)), delivered(two, sent(2, 2))], { room, from: first.state }).lines, [
    "[AVISO] Agora todos receberam: “e aí?”",
  ]);
  assert.deepEqual(
    told([delivered(one, sent(1, 2)), delivered(one, sent(2, 2))]).lines,
    [],
    "with everybody connected, confirmations are only under way",
  );
  assert.match(told([delivered(one, sent(0, 2, 1))], { room }).lines[0] ?? "", /^\[AVISO\] Enviada a 1 de 2; /u);

  const three = message("gabi", "chegou na hora");
  const complete: PeerEvent = { kind: "message", message: { ...three, delivery: sent(2, 2) } };
  assert.deepEqual(
    told([complete], { room, from: first.state }).lines,
    ["[18:46:35] <gabi> chegou na hora"],
    "it never lacked anybody",
  );
});

test("nobody is said to get it who will not: a key that changed, one that is blocked, an empty room", () => {
  const event = delivered(message("gabi", "oi"), sent(1, 2));
  const apart = member("nori", { trust: "changed", reach: { kind: "offline" } });
  const change = { username: user("nori"), known: "k".repeat(43) as AccountKey, offered: "o".repeat(43) as AccountKey };
  assert.deepEqual(told([event], { room: roomWith(apart, member("yuki")), changes: [change] }).lines, [
    "[AVISO] Nada vai para a chave nova de nori enquanto você não decidir.",
  ]);
  const blocked = roomWith({ ...apart, trust: "blocked" }, member("yuki"));
  assert.deepEqual(told([event], { room: blocked }).lines, []);

  const alone = says("gabi", "alô?", { delivery: sent(0, 0) });
  const again = says("gabi", "alô?", { delivery: sent(0, 0) });
  assert.deepEqual(told([alone, again], { room: roomWith() }).lines, [
    "[18:46:35] <gabi> alô?",
    "[AVISO] Só você está nesta sala; quem entrar depois não vê o que foi dito antes.",
    "[18:46:35] <gabi> alô?",
  ]);
});

test("/users says how far the last message got, and does not claim what nobody confirmed", () => {
  const lineOf = (delivery: Delivery) => lastDeliveryLine(delivery, texts)?.spans[0]?.text;
  assert.equal(lineOf(sent(2, 2)), "Sua última mensagem foi recebida por 2 de 2.");
  assert.equal(
    lineOf(sent(0, 2, 2)),
    "Sua última mensagem foi enviada a 2 de 2; programas originais não confirmam o recebimento.",
  );
  assert.equal(
    lineOf(sent(1, 3, 2)),
    "Sua última mensagem foi recebida por 1 de 3 e enviada a mais 2, de programas originais, que não confirmam.",
  );
  assert.equal(lineOf(sent(0, 0)), "Não havia mais ninguém na sala para receber sua última mensagem.");
  assert.equal(lineOf(held("peer_offline")), undefined);
});

test("F3: whoever is in before a silent tracker has answered is told once that none does", () => {
  const sinceMs = 1_000;
  const connecting: PeerEvent = { kind: "tracker", state: { kind: "connecting", attempt: 0, sinceMs } };
  const waiting: PeerEvent = {
    kind: "tracker",
    state: { kind: "waiting", retryInMs: 400, reason: fault("tracker_unreachable"), sinceMs },
  };
  const { lines } = told([connecting, waiting, connecting]);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /Nenhum tracker responde/u);
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
    "[AVISO] Conexão com o tracker perdida. As conversas continuam com quem se alcança sem ele. Nova tentativa daqui a pouco, depois com intervalos cada vez maiores.",
    "[AVISO] Conexão com o tracker restabelecida.",
    "[AVISO] O tracker encerrou a sessão. Sua conta entrou em outro lugar com este mesmo dispositivo. Feche um dos dois e faça login aqui de novo.",
  ]);
  const renewed: PeerEvent = { kind: "tracker", state: { kind: "refused", reason: fault("identity_changed") } };
  const [own = ""] = told([online, renewed]).lines;
  assert.match(own, /Esta conta começou uma nova identidade em outro dispositivo/u);
  assert.doesNotMatch(own, /aceitar|contato mudou/u);
});

test("a changed key is a block with both keys, how to compare them, and both answers, each on a line of its own", () => {
  const change = { username: user("nori"), known: "k".repeat(43) as AccountKey, offered: "o".repeat(43) as AccountKey };
  const { lines } = told([{ kind: "key-changed", change }], { focus: null });
  assert.deepEqual(lines.slice(1, -1), [
    "ATENÇÃO: a chave de nori mudou.",
    "Pode ser um dispositivo novo ou um recomeço, ou alguém se passando por essa pessoa.",
    "Até você decidir, nada vai para a chave nova, e o que vier dela fica separado.",
    `  chave conhecida: ${"kkkkkk ".repeat(7)}k`,
    `  chave nova:      ${"oooooo ".repeat(7)}o`,
    "Pergunte à pessoa, por outro meio, que chave aparece no /users dela.",
    "  É a nova: /aceitar nori",
    "  Não é: /bloquear nori",
  ]);
  assert.equal(
    plain(ownKeyLine(change.offered, texts)),
    `Sua chave, para os outros compararem: ${"oooooo ".repeat(7)}o`,
  );
});

test("links say nothing of somebody about whose key the user is asked, or whom the user has blocked", () => {
  const change = { username: user("nori"), known: "k".repeat(43) as AccountKey, offered: "o".repeat(43) as AccountKey };
  const events = [link("nori"), ends("nori", "identity_changed"), unreachable("nori", "identity_changed")];
  assert.deepEqual(told(events, { changes: [change] }).lines, []);
  const from = decided(focusOn(INITIAL_FEED, here), user("nori"), "block");
  assert.deepEqual(told(events, { from }).lines, []);
  assert.deepEqual(told(events, { room: roomWith(member("nori", { trust: "blocked" })) }).lines, []);
  assert.deepEqual(told([link("nori"), ends("nori", "identity_changed")]).lines, [
    "[CONEXÃO P2P] nori se conectou.",
    "[CONEXÃO P2P] nori se desconectou.",
  ]);
});

test("two keys in use for one name are told once until the user has decided", () => {
  const conflict: PeerEvent = { kind: "name-conflict", username: user("nori") };
  const { lines, state } = told([conflict, conflict]);
  assert.deepEqual(lines, [
    "[AVISO] Há duas chaves diferentes em uso para nori neste momento. Confira com a pessoa antes de confiar em qualquer uma.",
  ]);
  assert.equal(told([conflict], { from: decided(state, user("nori"), "accept") }).lines.length, 1);
});

test("by which way somebody connected is told where it is not the usual one, and that a relay is not needed any more", () => {
  const relayed = told([link("nori", true, "relayed")]);
  assert.deepEqual(relayed.lines, ["[CONEXÃO P2P] nori se conectou (por relay)."]);
  const relinked = (path: LinkReport["path"]): PeerEvent => {
    const event = link("nori", true, path);
    return event.kind === "linked" ? { ...event, kind: "relinked" } : event;
  };
  assert.deepEqual(told([relinked("relayed")], { from: relayed.state }).lines, [], "by the same way as before");
  const better = told([relinked("punched")], { from: relayed.state });
  assert.deepEqual(better.lines, ["[AVISO] A conexão com nori agora é direta; o relay não é mais necessário."]);
  assert.deepEqual(
    told([relinked("direct"), link("nori")], { from: better.state }).lines,
    [],
    "nor more links of theirs",
  );

  const gone = told([ends("nori", "lost")], { from: relayed.state });
  const punched = told([link("nori", true, "punched")], { from: gone.state });
  assert.deepEqual(punched.lines, ["[CONEXÃO P2P] nori se conectou (através dos roteadores)."]);
});

test("R7: who is away says it in one line where one talks with them, and nowhere else", () => {
  const away = (name: string, text: string | null): PeerEvent => ({ kind: "away", username: user(name), text });
  const hostile = "já volto\u001b[2J\r\n[18:46:35] gabi: aceito";
  const lines = told([away("nori", hostile), away("nori", ""), away("nori", null)]).lines;
  assert.equal(lines.length, 3);
  assert.match(String(lines[0]), /^\[18:46:35\] \*\*\* nori está ausente: já volto/u);
  assert.doesNotMatch(lines.join(""), /[\u0000-\u001f]/u);
  assert.deepEqual(lines.slice(1), ["[18:46:35] *** nori está ausente.", "[18:46:35] *** nori voltou."]);

  const inPrivate: Conversation = { kind: "private", username: user("nori") };
  assert.equal(told([away("nori", "x")], { focus: inPrivate }).lines.length, 1);
  assert.deepEqual(told([away("yuki", "x")], { focus: inPrivate }).lines, []);
  assert.deepEqual(told([away("zeca", "x"), away("gabi", "x")]).lines, []);
  assert.deepEqual(told([away("nori", "x")], { focus: null }).lines, []);
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
    member("zeca", { reach: { kind: "linked", encrypted: true, path: "punched" } }),
    member("zoe", { reach: { kind: "linked", encrypted: true, path: "relayed" } }),
  );
  assert.deepEqual(memberLines(room, texts).map(plain), [
    "--- Usuários na sala (6/50) ---",
    "- gabi (você, dono da sala)",
    "- nori (online, criptografado, direto, chave verificada)",
    "- velho (online, sem criptografia, direto, sem chave)",
    "- yuki (offline, CHAVE MUDOU)",
    "- zeca (online, criptografado, direto através dos roteadores, chave não verificada)",
    "- zoe (online, criptografado, por relay, chave não verificada)",
  ]);
});
