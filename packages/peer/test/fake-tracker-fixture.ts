import {
  type KeyPair,
  type Link,
  type Network,
  type TlsIdentity,
  createTlsIdentity,
  createTrackerKey,
  keepAlive,
  openStatement,
  signAddressRecord,
  signBinding,
  signRoomTicket,
  signTrackerStatement,
} from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Endpoint,
  type FaultCode,
  type Fault,
  LINK_QUEUE_BYTES_MAX,
  type Member,
  type RoomId,
  type RoomKind,
  type RoomName,
  type SignedText,
  type TlsKey,
  TRACKER_ALPN,
  type TrackerKey,
  type TrackerRequest,
  type Username,
  decodeTrackerUpstream,
  deviceKey,
  fault,
  ipLiteral,
  roomId,
  tlsKey,
} from "@papo/protocol";
import { createHash } from "node:crypto";
import * as v from "valibot";
import { FakeCalls } from "./fake-calls-fixture.ts";

type FakeRoom = {
  id: RoomId;
  name: RoomName;
  kind: RoomKind;
  owner: Username;
  version: number;
  members: Set<Username>;
};
export type FakeSession = {
  readonly link: Link;
  username: Username | undefined;
  account: AccountKey | undefined;
  port: number;
  device: string;
  addresses: SignedText | null;
  plaintext: boolean;
};

let lastSeq = 1;

/** What a tracker tells of a program with keys that listens there. */
export function papoEndpoint(
  device: KeyPair<DeviceKey>,
  tls: TlsKey,
  place: { readonly address: string; readonly port: number },
): Endpoint {
  lastSeq += 1;
  const at = { address: v.parse(ipLiteral, place.address), port: place.port };
  // Newer than whatever the device itself has signed.
  const seq = Number.MAX_SAFE_INTEGER - 1_000_000 + lastSeq;
  const record = { v: 1, device: device.publicKey, seq, time: "2026-11-20T12:00:00Z", addresses: [at] } as const;
  const addresses = signAddressRecord(device, { ...record, addresses: [at] });
  return { device: device.publicKey, tls, address: null, port: null, addresses };
}
type FakeAccount = { account: AccountKey | null; password: string };

/**
 * As little of a tracker as the engine needs, on the in-memory network: the answers of docs/protocol/tracker.md, no rules about
 * names or passwords, and hooks for tests that want it to misbehave.
 */
export class FakeTracker {
  readonly key: KeyPair<TrackerKey> = createTrackerKey();
  readonly tls: TlsIdentity = createTlsIdentity();
  readonly sessions = new Set<FakeSession>();
  readonly calls = new FakeCalls(this.sessions);
  readonly accountByName = new Map<Username, FakeAccount>();
  readonly roomById = new Map<RoomId, FakeRoom>();
  /** Whom a member has admitted, and who has not entered yet: the room's id and a name each. */
  readonly admitted = new Set<`${RoomId} ${Username}`>();
  /** Every request that came in, by command. */
  readonly asked: TrackerRequest["cmd"][] = [];
  /** And whole. */
  readonly heard: TrackerRequest[] = [];
  /** Sees each request first; what it gives back is the answer. */
  intercept: ((request: TrackerRequest, session: FakeSession) => object | undefined) | undefined;
  /** Sees each room update that is told. */
  tap: ((update: object) => void) | undefined;
  /** Keeps room updates back, so that tests can send others. */
  mute = false;
  /** The next request of this kind is done, and its answer never arrives. */
  loseAnswerTo: TrackerRequest["cmd"] | undefined;
  pageSize = 50;
  signsWith: KeyPair<TrackerKey> = this.key;
  readonly #network: Network;
  #close: (() => Promise<void>) | undefined;

  constructor(network: Network) {
    this.#network = network;
  }

  /** Gives the port. */
  async listen(port = 6060, host = "::"): Promise<number> {
    const listener = await this.#network.listen({
      identity: this.tls,
      alpn: TRACKER_ALPN,
      queueBytesMax: LINK_QUEUE_BYTES_MAX,
      host,
      port,
      dialects: ["papo"],
      onLink: (link) => this.#session(link),
      onTicket: (caller) => this.calls.came(caller),
    });
    if (!listener.ok) throw new Error(listener.fault.detail);
    this.#close = () => listener.value.close();
    return listener.value.port;
  }

  /** As `kill -9` does it: sockets end without a word. */
  async die(): Promise<void> {
    await this.#close?.();
    for (const { link } of this.sessions) link.destroy(fault("lost", "killed"));
  }

  say(username: string, message: object): void {
    for (const session of this.sessions) if (session.username === username) session.link.sendJson(message);
  }

  closing(username: string, code: FaultCode): void {
    for (const session of this.sessions) {
      if (session.username !== username) continue;
      session.link.sendJson({ status: "CLOSING", code });
      void session.link.close(fault(code, "told"));
    }
  }

  #session(link: Link): void {
    const session: FakeSession = {
      link,
      username: undefined,
      account: undefined,
      port: 0,
      device: "",
      addresses: null,
      plaintext: false,
    };
    this.sessions.add(session);
    const receiver = {
      message: ({ payload }: { payload: Uint8Array }) => this.#message(session, payload),
      closed: (_reason: Fault) => {
        this.sessions.delete(session);
        if (session.username !== undefined) this.#presence(session.username);
      },
    };
    // Sessions of tests live on a clock that belongs to the network.
    link.start(this.keptAlive === undefined ? receiver : keepAlive(link, this.keptAlive, receiver));
  }

  /** The clock for keep-alives; undefined: it answers nobody's PING. */
  keptAlive: Parameters<typeof keepAlive>[1] | undefined;

  #message(session: FakeSession, payload: Uint8Array): void {
    const decoded = decodeTrackerUpstream(payload);
    if (!decoded.ok) throw new Error(`the engine said what is not the language: ${decoded.fault.detail}`);
    const said = decoded.value;
    if (said.cmd === "PING" || said.cmd === "PONG") return;
    this.asked.push(said.cmd);
    this.heard.push(said);
    const answer = this.intercept?.(said, session) ?? this.#answer(said, session);
    if (this.loseAnswerTo === said.cmd) {
      this.loseAnswerTo = undefined;
      return session.link.destroy(fault("lost", "cut before the answer"));
    }
    session.link.sendJson({ re: said.id, status: "OK", ...answer });
    if (said.cmd === "LOGOUT") void session.link.close(fault("closed", "logged out"));
  }

  /** What it greets with. */
  hello({ link }: FakeSession): object {
    const tracker = signTrackerStatement(this.signsWith, this.tls.key);
    const { remoteAddress: observed } = link.ends;
    return { tracker, version: 1, features: [], observed, now: "2026-11-20T12:00:00Z", relay: { place: null } };
  }

  #answer(request: TrackerRequest, session: FakeSession): object {
    switch (request.cmd) {
      case "HELLO":
        return this.hello(session);
      case "REGISTER":
        if (this.accountByName.has(request.username)) return error("name_taken");
        this.accountByName.set(request.username, { account: null, password: request.password });
        return this.#logIn(request, session);
      case "LOGIN":
        return this.#checkLogin(request, session) ?? this.#logIn(request, session);
      case "LOGOUT":
        return {};
      case "LIST_PEERS":
        return {
          peers: [...this.accountByName].map(([username, { account }]) => ({
            username,
            account,
            connected: this.#isOnline(username),
            room: null,
          })),
          next: null,
        };
      case "FIND_PEER":
        return this.accountByName.has(request.username)
          ? { peer: this.#seenBy(request.username, session), binding: this.binding(request.username) }
          : error("peer_missing");
      case "LIST_ROOMS":
        return {
          rooms: [...this.roomById.values()].map((room) => ({ ...this.view(room), joined: this.#isIn(room, session) })),
          next: null,
        };
      case "CREATE_ROOM":
        return this.#create(request, session);
      case "JOIN_ROOM":
        return this.#join(
          [...this.roomById.values()].find(({ id, name }) => name === request.room && (request.roomId ?? id) === id),
          session,
        );
      case "LEAVE_ROOM":
        return this.#leave(request.room, session);
      case "DELETE_ROOM":
        return this.#delete(request.room);
      case "LIST_MEMBERS": {
        const room = this.roomById.get(request.room);
        return room !== undefined && this.#isIn(room, session) ? this.#page(room, request.after) : error("not_member");
      }
      case "ADMIT_MEMBER":
      case "REMOVE_MEMBER":
      case "TRANSFER_ROOM":
        return this.#aboutMember(request);
      case "UNLATCH":
        return {};
      case "ADDRESSES":
        session.addresses = request.addresses;
        if (session.username !== undefined) this.#presence(session.username);
        return {};
      case "OBSERVE":
        return this.calls.observe(session);
      case "CONNECT":
        return this.calls.connect(request, session);
      case "ANSWER":
        return this.calls.answer(request, session);
      case "PUNCH":
        return this.calls.punch(request, session);
      case "CHECK_REACH":
        return error("unsupported");
    }
  }

  #checkLogin(request: Extract<TrackerRequest, { cmd: "LOGIN" }>, session: FakeSession): object | undefined {
    const known = this.accountByName.get(request.username);
    const statement = openStatement(request.statement);
    if (known === undefined || !statement.ok) return error("invalid_credentials");
    if (request.password === undefined) {
      const isEnrolled =
        statement.value.account === known.account &&
        statement.value.devices.some(({ tls }) => tls === session.link.security?.remoteKey);
      return isEnrolled ? undefined : error("invalid_credentials");
    }
    if (request.password !== known.password) return error("invalid_credentials");
    const isOther = known.account !== null && known.account !== statement.value.account;
    return isOther && !request.newIdentity ? error("identity_required") : undefined;
  }

  #logIn(request: Extract<TrackerRequest, { cmd: "LOGIN" | "REGISTER" }>, session: FakeSession): object {
    const statement = openStatement(request.statement);
    const account = this.accountByName.get(request.username);
    if (!statement.ok || account === undefined) return error("statement_invalid");
    account.account = statement.value.account;
    session.username = request.username;
    session.account = statement.value.account;
    session.port = request.port;
    session.plaintext = request.plaintext;
    session.addresses = request.addresses;
    const own = statement.value.devices.find(({ tls }) => tls === session.link.security?.remoteKey);
    session.device = own?.device ?? "";
    const rooms = [...this.roomById.values()]
      .filter((room) => room.members.has(request.username))
      .map(({ id, name }) => ({ id, name }));
    this.#presence(request.username);
    return { username: request.username, binding: this.binding(request.username), rooms };
  }

  binding(username: Username): object | null {
    const account = this.accountByName.get(username)?.account;
    if (account === null || account === undefined) return null;
    return signBinding(this.key, {
      v: 1,
      tracker: this.key.publicKey,
      name: username,
      account,
      date: "2026-11-20T12:00:00Z",
    });
  }

  #isOnline(username: Username): boolean {
    return [...this.sessions].some((session) => session.username === username);
  }

  #isIn(room: FakeRoom, session: FakeSession): boolean {
    return session.username !== undefined && room.members.has(session.username);
  }

  member(username: Username): Member {
    const sessions = [...this.sessions].filter((session) => session.username === username);
    const endpoints = sessions.map(({ link, port, device, addresses }) => ({
      device: device === "" ? null : v.parse(deviceKey, device),
      tls: link.security === undefined ? null : v.parse(tlsKey, link.security.remoteKey),
      address: device === "" ? v.parse(ipLiteral, link.ends.remoteAddress) : null,
      port: device === "" ? port : null,
      addresses,
    }));
    return {
      username,
      account: this.accountByName.get(username)?.account ?? null,
      online: sessions.length > 0 || this.extraMembers.has(username),
      endpoints: [...endpoints, ...(this.extraMembers.get(username) ?? [])],
    };
  }

  /** Where strangers are is nobody's business. */
  #seenBy(username: Username, { username: asking }: FakeSession): Member {
    const found = this.member(username);
    const together = [...this.roomById.values()].some(
      ({ members }) => asking !== undefined && members.has(asking) && members.has(username),
    );
    if (together) return found;
    return { ...found, endpoints: found.endpoints.map((endpoint) => ({ ...endpoint, addresses: null })) };
  }

  /** Programs of the seed dialect, which have no session here: where they listen. */
  readonly extraMembers = new Map<Username, Member["endpoints"]>();

  view(room: FakeRoom): { readonly id: RoomId; readonly version: number } & Record<string, unknown> {
    const { id, name, kind, owner, version, members } = room;
    const online = [...members].filter((username) => this.member(username).online).length;
    return { id, name, kind, owner, capacity: 50, members: members.size, online, version };
  }

  #page(room: FakeRoom, after: Username | undefined): object {
    const names = [...room.members].toSorted().filter((name) => after === undefined || name > after);
    const page = names.slice(0, this.pageSize);
    return {
      room: this.view(room),
      members: page.map((name) => this.member(name)),
      next: names.length > page.length ? page.at(-1) : null,
    };
  }

  #aboutMember({ cmd, room: id, username }: Extract<TrackerRequest, { room: RoomId; username: Username }>): object {
    const room = this.roomById.get(id);
    if (room === undefined) return error("room_missing");
    if (cmd === "TRANSFER_ROOM") room.owner = username;
    if (cmd === "ADMIT_MEMBER") {
      if (!room.members.has(username)) this.admitted.add(`${id} ${username}`);
      return { room: id, username };
    }
    if (cmd === "REMOVE_MEMBER") {
      this.admitted.delete(`${id} ${username}`);
      room.members.delete(username);
      this.say(username, { status: "ROOM_CLOSED", room: id, reason: "removed" });
    }
    this.bump(room, cmd === "REMOVE_MEMBER" ? [] : [username], cmd === "REMOVE_MEMBER" ? [username] : []);
    return { room: id, username };
  }

  #create(request: Extract<TrackerRequest, { cmd: "CREATE_ROOM" }>, session: FakeSession): object {
    if (session.username === undefined) return error("login_required");
    const { room: name, kind } = request;
    const id = request.roomId ?? v.parse(roomId, createHash("sha256").update(name).digest("base64url"));
    const room: FakeRoom = {
      id,
      name,
      kind,
      owner: session.username,
      version: 1,
      members: new Set([session.username]),
    };
    this.roomById.set(id, room);
    return this.#entered(room, session);
  }

  #entered(room: FakeRoom, { account, username }: FakeSession): object {
    const isOpen = room.kind === "open" && account !== undefined && username !== undefined;
    const ticket = isOpen
      ? signRoomTicket(this.key, {
          ...{ v: 1, tracker: this.key.publicKey, room: room.id },
          ...{ account, name: username, date: "2026-11-20T12:00:00Z" },
        })
      : null;
    return { ...this.#page(room, undefined), ticket };
  }

  #join(room: FakeRoom | undefined, session: FakeSession): object {
    if (room === undefined) return error("room_missing");
    if (session.username === undefined) return error("login_required");
    if (room.kind === "plain" && !session.plaintext) return error("plaintext_refused");
    if (!room.members.has(session.username)) {
      const isOutside = room.kind === "invite" && room.owner !== session.username;
      if (isOutside && !this.admitted.delete(`${room.id} ${session.username}`)) return error("room_missing");
      room.members.add(session.username);
      this.bump(room, [session.username], [], session.username);
    }
    return this.#entered(room, session);
  }

  #leave(id: RoomId, session: FakeSession): object {
    const room = this.roomById.get(id);
    if (room === undefined || session.username === undefined || !room.members.delete(session.username))
      return error("not_member");
    this.bump(room, [], [session.username]);
    return { room: id };
  }

  #delete(id: RoomId): object {
    const room = this.roomById.get(id);
    if (room === undefined) return error("room_missing");
    this.roomById.delete(id);
    for (const username of room.members)
      if (username !== room.owner) this.say(username, { status: "ROOM_CLOSED", room: id, reason: "deleted" });
    return { room: id };
  }

  #presence(username: Username): void {
    for (const room of this.roomById.values())
      if (room.members.has(username)) this.bump(room, [username], [], username);
  }

  /** One more version, told to all members but one. */
  bump(room: FakeRoom, changed: readonly Username[], gone: readonly Username[], except?: Username): void {
    const from = room.version;
    room.version += 1;
    if (this.mute) return;
    const update = {
      status: "ROOM_UPDATE",
      room: this.view(room),
      from,
      changed: changed.map((name) => this.member(name)),
      gone,
    };
    this.tap?.(update);
    for (const session of this.sessions) {
      if (session.username !== undefined && session.username !== except && room.members.has(session.username))
        session.link.sendJson(update);
    }
  }
}

export function error(code: FaultCode): object {
  return { status: "ERROR", code };
}
