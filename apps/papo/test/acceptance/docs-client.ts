import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { connect, createServer, type Server, type TLSSocket } from "node:tls";
import { DocsLog } from "./docs-client-log.ts";
import {
  addressRecord,
  call,
  type Place,
  placesOf,
  type RelayPath,
  type Session,
  takeCalls,
} from "./docs-client-meeting.ts";
import { DocsChat } from "./docs-client-private.ts";
import { DocsRoom } from "./docs-client-room.ts";
import {
  Frames,
  type Json,
  newKeys,
  openText,
  type Party,
  rawKey,
  type Said,
  type Signed,
  signBytes,
  signText,
  tlsOptions,
} from "./docs-client-wire.ts";

// A second implementation, written from docs/protocol alone: node:tls, node:crypto and what those pages say. It imports
// nothing of ours and handles nothing but what it needs: its only purpose is to prove that the pages suffice.

/** Milliseconds before a tracker is asked again for a place, limits.md. */
const REOFFER_FIRST_MS = 1_000;

export type DocsMember = {
  readonly username: string;
  readonly account: string;
  readonly endpoints: readonly {
    readonly device: string;
    readonly tls: string;
    readonly addresses: Signed | null;
  }[];
};

/** peer.md §2: who is at the other end of a verified link. */
type Peer = Party & { readonly username: string };

/** A user of the pages: one account on one device, at one tracker. */
export class DocsClient {
  readonly username: string;
  readonly #links = new Map<Frames, Peer>();
  readonly #rooms: DocsRoom[] = [];
  readonly #chats = new Map<string, DocsChat>();
  readonly #inviteAnswers = new Map<string, unknown>();
  readonly #account = newKeys();
  readonly #device = newKeys();
  readonly #tls = newKeys();
  readonly #self: Party;
  readonly #statement: Signed;
  readonly #trackerKey: string;
  readonly #server: Server;
  #tracker: Frames | undefined;
  #session: Session | undefined;
  #binding: Signed | undefined;
  #id = 0;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  constructor(username: string, trackerKey: string) {
    this.username = username;
    this.#trackerKey = trackerKey;
    this.#self = { account: rawKey(this.#account.publicKey), device: rawKey(this.#device.publicKey) };
    this.#statement = this.#signStatement();
    this.#server = createServer(
      { ...tlsOptions(this.#tls, "papo-peer/1"), requestCert: true },
      (socket) => void this.#accepted(socket),
    );
  }

  // ---- the tracker

  /** tracker.md §2, §3.1: HELLO, then REGISTER with the port where we listen. */
  async register(tracker: Place, password: string): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const frames = await this.#connect(tracker, "papo-tracker/1");
    this.#tracker = frames;
    this.#session = { frames, place: tracker, ask: (request) => this.#ask(request) };
    const hello = await this.#ask({ cmd: "HELLO", version: 3, features: [] });
    const { key, tls } = openText("papo/tracker-statement/1", hello["tracker"]);
    if (key !== this.#trackerKey || tls !== frames.remoteKey) throw new Error("this is another tracker");

    const { port } = this.#server.address() as { port: number };
    const record = addressRecord(this.#self.device, { host: String(hello["observed"]), port });
    const addresses = signText("papo/address-record/1", record, this.#device);
    const hash = createHash("sha256").update(password).digest("hex");
    const answer = await this.#ask({
      ...{ cmd: "REGISTER", username: this.username, password: hash, statement: this.#statement, port },
      addresses,
    });
    this.#binding = answer["binding"] as Signed;
    const binding = openText("papo/name-binding/1", this.#binding);
    if (binding["tracker"] !== this.#trackerKey || binding["name"] !== this.username)
      throw new Error("not our binding");
    takeCalls(this.#session, (path) => void this.#open(path)).catch(() => {});
  }

  /** tracker.md §4.2, room-log.md §4.3: the ticket, and with it our `join`. */
  async join(name: string): Promise<{ readonly room: DocsRoom; readonly others: readonly DocsMember[] }> {
    const answer = await this.#ask({ cmd: "JOIN_ROOM", room: name });
    const room = this.#keep(new DocsLog(String((answer["room"] as Json)["id"]), this.#device, this.#self));
    openText("papo/room-ticket/1", answer["ticket"]);
    this.#begin(room, answer["ticket"] as Signed);
    const others = (answer["members"] as DocsMember[]).filter(({ username }) => username !== this.username);
    return { room, others };
  }

  /** room-log.md §4.2, tracker.md §4.1. */
  async create(name: string): Promise<DocsRoom> {
    const log = DocsLog.found(this.#device, this.#self, {
      ...{ name, room: "open", history: "all", capacity: 50, retentionDays: null, quotaBytes: null, features: [] },
      ...{ tracker: this.#trackerKey, statement: this.#statement, binding: this.#binding },
    });
    await this.#ask({ cmd: "CREATE_ROOM", room: name, kind: "open", roomId: log.room });
    return this.#keep(log);
  }

  /** room-log.md §4.4, tracker.md §4.9: from a link to being in, in the log and at the tracker. */
  async useInvite(link: string): Promise<DocsRoom> {
    const { room: id, inviter, name, roomName, key } = readInviteLink(link);
    const { peer } = (await this.#ask({ cmd: "FIND_PEER", username: name })) as { readonly peer?: DocsMember };
    if (peer?.account !== inviter) throw new Error("somebody else has the inviter's name");
    await this.dial(peer);
    const proof = signBytes("papo/invite-proof/1", `${id}|${this.#self.account}`, key).toString("base64url");
    const invite = rawKey(key.publicKey);
    (await this.linked()).send({ cmd: "USE_INVITE", room: id, invite, proof, binding: this.#binding });
    await this.until(() => this.#inviteAnswers.has(id));
    if (this.#inviteAnswers.get(id) !== null) throw new Error(`refused: ${String(this.#inviteAnswers.get(id))}`);
    await this.#takePlace(roomName, id);
    const room = this.#keep(new DocsLog(id, this.#device, this.#self));
    await this.until(() => room.log.genesis !== undefined);
    this.#begin(room, null);
    return room;
  }

  /** tracker.md §4.9: our word may be there before the inviter's. */
  async #takePlace(room: string, roomId: string): Promise<void> {
    for (;;) {
      const answer = await this.#answer({ cmd: "JOIN_ROOM", room, roomId });
      if (answer["status"] === "OK") return;
      if (answer["code"] !== "room_missing") throw new Error(`JOIN_ROOM: ${JSON.stringify(answer)}`);
      await this.#tracker?.silence(REOFFER_FIRST_MS);
    }
  }

  /** room-log.md §4.3: this device begins to write. */
  #begin(room: DocsRoom, ticket: Signed | null): void {
    room.writeControl("join", { statement: this.#statement, binding: this.#binding, ticket, content: 1 });
  }

  #keep(log: DocsLog): DocsRoom {
    const room = new DocsRoom(log);
    this.#rooms.push(room);
    for (const link of this.#links.keys()) room.opened(link);
    return room;
  }

  // ---- links

  /** peer.md §2.1 as the dialler. */
  async dial({ username, account, endpoints }: DocsMember): Promise<void> {
    const [endpoint] = endpoints;
    if (endpoint === undefined || this.#session === undefined) throw new Error("nowhere to dial");
    const [place] = endpoint.addresses === null ? [] : placesOf(endpoint.addresses);
    const link =
      place === undefined
        ? await this.#open(await call(this.#session, username, endpoint.device))
        : await this.#connect(place, "papo-peer/1");
    if (link === undefined) throw new Error("they called at the same moment");
    if (link.remoteKey !== endpoint.tls) throw new Error("another device answers there");
    link.send(this.#hello(account));
    const peer = this.#check(await link.next("HELLO"), link);
    if (peer.account !== account || peer.username !== username) throw new Error("somebody else answers there");
    this.#opened(link, peer);
  }

  /** The newest link that stands, whoever dialled it. */
  async linked(): Promise<Frames> {
    const standing = (): Frames | undefined => [...this.#links.keys()].findLast((link) => !link.isEnding);
    await this.until(() => standing() !== undefined);
    return standing() ?? this.linked();
  }

  /** Cuts every link, as a network would: without BYE. */
  cut(): void {
    for (const link of this.#links.keys()) link.socket.destroy();
  }

  /** A chat with the one other side that there is. */
  async privately(): Promise<DocsChat> {
    const link = await this.linked();
    const peer = this.#links.get(link);
    return peer === undefined ? this.privately() : this.#chat(peer);
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** peer.md §5: also to whoever is dialling us in this moment. */
  goodbye(): void {
    this.#isClosed = true;
    this.#server.close();
    for (const link of this.#links.keys()) sayBye(link);
  }

  async logout(): Promise<void> {
    await this.#ask({ cmd: "LOGOUT" });
  }

  /** Lets go of everything, however the test went. */
  [Symbol.dispose](): void {
    for (const { socket } of this.#links.keys()) socket.destroy();
    this.#tracker?.socket.destroy();
    this.#server.close();
  }

  readonly #stir = (): void => {
    for (const resolve of this.#waiting.splice(0)) resolve();
  };

  /** peer.md §2.1 as the listener: the dialler speaks first, and is checked before it learns anything. */
  async #accepted(socket: TLSSocket): Promise<void> {
    const link = new Frames(socket, this.#stir);
    try {
      if (socket.alpnProtocol !== "papo-peer/1" || socket.isSessionReused()) throw new Error("not a new link");
      const peer = this.#check(await link.next("HELLO"), link);
      link.send(this.#hello(peer.account));
      this.#opened(link, peer);
    } catch {
      socket.destroy();
    }
  }

  #opened(link: Frames, peer: Peer): void {
    if (this.#isClosed) return sayBye(link);
    this.#links.set(link, peer);
    link.socket.once("close", () => this.#closed(link, peer));
    this.#chat(peer).opened(link);
    for (const room of this.#rooms) room.opened(link);
    link.listen((said) => this.#heard(link, peer, said));
    this.#stir();
  }

  /** peer.md §6: what is not confirmed goes over the link that stays. */
  #closed(link: Frames, peer: Peer): void {
    this.#links.delete(link);
    const other = [...this.#links].findLast(([, { device }]) => device === peer.device);
    if (other !== undefined) this.#chat(peer).opened(other[0]);
  }

  #heard(link: Frames, peer: Peer, said: Said): void {
    if ("entries" in said) {
      const id = said.entries.subarray(0, 32).toString("base64url");
      return this.#rooms.find((room) => room.id === id)?.entriesHeard(link, said.entries);
    }
    const { message } = said;
    if (message["cmd"] === "INVITE_ANSWER") this.#inviteAnswers.set(String(message["room"]), message["refused"]);
    this.#rooms.find(({ id }) => id === message["room"])?.heard(link, message);
    if ((message["room"] ?? null) === null) this.#chat(peer).said(link, message);
  }

  #chat(peer: Peer): DocsChat {
    const chat = this.#chats.get(peer.device) ?? new DocsChat(this.#self, peer);
    this.#chats.set(peer.device, chat);
    return chat;
  }

  /** peer.md §2.2. */
  #check(hello: Json, link: Frames): Peer {
    if (hello["cmd"] !== "HELLO" || hello["to"] !== this.#self.account) throw new Error("not to us");
    if (!(hello["features"] as readonly unknown[]).includes("room-log/1")) throw new Error("keeps no rooms");
    const statement = openText("papo/account-statement/1", hello["statement"]);
    const devices = statement["devices"] as readonly Json[];
    const device = devices.find(({ tls, revoked }) => tls === link.remoteKey && revoked === null);
    if (device === undefined) throw new Error("not its device");
    const binding = openText("papo/name-binding/1", hello["binding"]);
    const isBound = binding["name"] === hello["username"] && binding["account"] === statement["account"];
    if (binding["tracker"] !== this.#trackerKey || !isBound) throw new Error("not its name");
    const account = String(statement["account"]);
    return { account, device: String(device["device"]), username: String(hello["username"]) };
  }

  #hello(to: string): Json {
    const { username } = this;
    const features = ["room-log/1"];
    return { cmd: "HELLO", version: 3, features, to, statement: this.#statement, binding: this.#binding, username };
  }

  /** identity.md §3, version 1. */
  #signStatement(): Signed {
    const { account, device } = this.#self;
    const seal = rawKey(generateKeyPairSync("x25519").publicKey);
    const keys = { device, tls: rawKey(this.#tls.publicKey), seal };
    const devices = [{ ...keys, added: "2026-11-20T12:00:00.000Z", revoked: null }];
    return signText("papo/account-statement/1", { v: 1, account, version: 1, prev: null, devices }, this.#account);
  }

  /** tracker.md §8.2: TLS on what a relay passes on. In the server's role, whoever comes is somebody who dials us. */
  async #open({ role, socket }: RelayPath): Promise<Frames | undefined> {
    if (role === "client") return this.#connect({ socket }, "papo-peer/1");
    this.#server.emit("connection", socket);
    return undefined;
  }

  async #connect(place: Place | { readonly socket: RelayPath["socket"] }, alpn: string): Promise<Frames> {
    const options = tlsOptions(this.#tls, alpn);
    const socket = connect({ ...place, ...options, ALPNProtocols: [alpn], servername: "" });
    await new Promise<void>((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
    if (socket.alpnProtocol !== alpn || socket.isSessionReused()) throw new Error("not the expected protocol");
    return new Frames(socket, this.#stir);
  }

  /** tracker.md §1. */
  async #ask(request: Json): Promise<Json> {
    const answer = await this.#answer(request);
    if (answer["status"] !== "OK") throw new Error(`${String(request["cmd"])}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async #answer(request: Json): Promise<Json> {
    if (this.#tracker === undefined) throw new Error("no session");
    this.#id += 1;
    const id = this.#id;
    this.#tracker.send({ ...request, id });
    return this.#tracker.next(String(request["cmd"]), ({ re }) => re === id);
  }
}

function sayBye(link: Frames): void {
  link.send({ cmd: "BYE", code: "closed" });
  link.socket.end();
}

/** room-log.md §4.4, and RFC 8410 §7 for the seed of a key. */
function readInviteLink(link: string) {
  const payload = Buffer.from(/[#&]i=([^&]*)/u.exec(link)?.[1] ?? "", "base64url");
  const at = (index: number): Buffer => payload.subarray(1 + index * 32, 33 + index * 32);
  const names = payload.subarray(103);
  const roomNameEnd = 2 + names.readUInt16BE();
  const roomName = names.subarray(2, roomNameEnd).toString();
  const name = names.subarray(2 + roomNameEnd).toString();
  const privateKey = createPrivateKey({
    key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), at(1)]),
    ...{ format: "der", type: "pkcs8" },
  });
  const key = { privateKey, publicKey: createPublicKey(privateKey) };
  return { room: at(0).toString("base64url"), inviter: at(2).toString("base64url"), name, roomName, key };
}
