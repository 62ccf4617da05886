import type { ChannelSecurity, Clock, Link, LinkEnds, LinkMessage, LinkReceiver } from "@papo/link";
import {
  type Fault,
  type FindPeerAnswer,
  type ListPeersAnswer,
  type Outcome,
  type PasswordHash,
  type RoomId,
  type RoomName,
  type SeedCommand,
  type SeedOk,
  type SeedRoom,
  type Username,
  decodeSeedDownstream,
  decodeWith,
  fail,
  fault,
  succeed,
  username,
} from "@papo/protocol";
import { isLoopback } from "../mesh/dialable.ts";
import { Turns } from "../turns.ts";
import { pageOf } from "./paging.ts";
import { LineNews } from "./line-news.ts";
import { Requests } from "./requests.ts";
import { seedFault } from "./seed-faults.ts";
import { type SeedMemory, memberOf, seedListedRoom, seedRoomId, seedRoomView } from "./seed-rooms.ts";
import type { RoomView } from "./room-view.ts";
import type {
  EnteredRoom,
  LineReceiver,
  LoggedIn,
  NewRoom,
  RoomListing,
  RoomPage,
  TrackerLine,
} from "./tracker-line.ts";

export type SeedSignIn = { readonly username: Username; readonly password: PasswordHash; readonly port: number };

/**
 * A line to an original tracker. Its answers carry no ids and it reads one object per read, so one request is under way at a time;
 * an answer that does not come ends the line, because the next one could not be told from it. docs/protocol/seed.md
 */
export class SeedLine implements TrackerLine, LinkReceiver {
  readonly trackerKey = null;
  readonly relay = null;
  readonly security: ChannelSecurity | undefined = undefined;
  readonly ends: LinkEnds;
  readonly #link: Link;
  readonly #memory: SeedMemory;
  readonly #requests: Requests<SeedOk>;
  readonly #turns = new Turns(1);
  readonly #news: LineNews;
  #asked: { readonly command: SeedCommand; readonly room: string } | undefined;
  #announced: Fault | undefined;
  #self: Username | undefined;

  constructor(link: Link, clock: Clock, memory: SeedMemory) {
    this.#link = link;
    this.#news = new LineNews(() => link.destroy(fault("lost", "news before the session began")));
    this.#memory = memory;
    this.ends = link.ends;
    this.#requests = new Requests(clock);
  }

  register(signIn: SeedSignIn): Promise<Outcome<LoggedIn>> {
    return this.#signIn("REGISTER", signIn);
  }

  /** Rooms of a session before are entered again: an original tracker empties the seats of who is gone. */
  async logIn(signIn: SeedSignIn): Promise<Outcome<LoggedIn>> {
    const answer = await this.#signIn("LOGIN", signIn);
    if (!answer.ok) return answer;

    const rooms: { id: RoomId; name: RoomName }[] = [];
    for (const [id, name] of this.#memory.nameByJoinedId) {
      const again = await this.#ask("JOIN_ROOM", { room: name, username: signIn.username });
      if (again.ok) rooms.push({ id, name });
      else this.#memory.forget(id);
    }
    return succeed({ ...answer.value, rooms });
  }

  async #signIn(command: "REGISTER" | "LOGIN", signIn: SeedSignIn): Promise<Outcome<LoggedIn>> {
    // The original dials whatever is claimed here; ours looks at where the connection comes from.
    const answer = await this.#ask(command, { ...signIn, address: this.ends.localAddress });
    if (!answer.ok) return answer;
    this.#self = signIn.username;
    return succeed({ username: signIn.username, binding: null, rooms: [] });
  }

  // ---- TrackerLine

  listen(receiver: LineReceiver): void {
    this.#news.listen(receiver);
  }

  async listPeers(page: { readonly query?: string; readonly after?: Username }): Promise<Outcome<ListPeersAnswer>> {
    const answer = await this.#ask("LIST_PEERS", {});
    if (!answer.ok) return answer;
    const peers = [...(answer.value.peers ?? [])].flatMap(([key, peer]) => {
      const name = decodeWith(username, key);
      return name.ok
        ? [{ username: name.value, account: null, connected: peer.connected, room: peer.room ?? null }]
        : [];
    });
    const shown = pageOf(peers, (peer) => peer.username, page);
    return succeed({ peers: [...shown.items], next: shown.next });
  }

  async findPeer(name: Username): Promise<Outcome<FindPeerAnswer>> {
    const answer = await this.#ask("LIST_PEERS", {});
    if (!answer.ok) return answer;
    const peer = answer.value.peers?.get(name);
    const [member] = peer === undefined ? [] : memberOf({ ...peer, username: name }, this.#isLocal);
    return member === undefined
      ? fail("peer_offline", "the tracker names only who is online")
      : succeed({ peer: member, binding: null });
  }

  async listRooms(page: { readonly query?: string; readonly after?: RoomName }): Promise<Outcome<RoomListing>> {
    const answer = await this.#ask("LIST_ROOMS", {});
    if (!answer.ok) return answer;
    const rooms = [...(answer.value.rooms ?? new Map<string, SeedRoom>()).values()];
    const shown = pageOf(
      rooms.map((room) => seedListedRoom(room, this.#memory)),
      (room) => room.name,
      page,
    );
    return succeed({ rooms: shown.items, next: shown.next });
  }

  async createRoom({ name, kind }: NewRoom): Promise<Outcome<EnteredRoom>> {
    if (kind !== undefined && kind !== "plain")
      return fail("room_kind_refused", "an original tracker has plain rooms only");
    const left = await this.#leaveOthers(seedRoomId(name));
    if (!left.ok) return left;
    const made = await this.#ask("CREATE_ROOM", { room: name, username: this.#self });
    if (!made.ok) return made;
    if (this.#self !== undefined) this.#memory.owned(seedRoomId(name), this.#self);
    return this.joinRoom(name);
  }

  async joinRoom(name: RoomName): Promise<Outcome<EnteredRoom>> {
    const left = await this.#leaveOthers(seedRoomId(name));
    if (!left.ok) return left;
    const answer = await this.#ask("JOIN_ROOM", { room: name, username: this.#self });
    if (!answer.ok) return answer;
    this.#memory.nameByJoinedId.set(seedRoomId(name), name);
    const page =
      answer.value.room === undefined
        ? await this.listMembers(seedRoomId(name))
        : succeed(this.#pageOf(answer.value.room));
    return page.ok ? succeed({ ...page.value, ticket: null }) : page;
  }

  /** One room at a time in this dialect, as at our own tracker. */
  async #leaveOthers(but: RoomId): Promise<Outcome<RoomId>> {
    for (const id of [...this.#memory.nameByJoinedId.keys()]) {
      if (id === but) continue;
      const left = await this.leaveRoom(id);
      if (!left.ok && left.fault.code !== "not_member" && left.fault.code !== "room_missing") return left;
      this.#memory.forget(id);
      this.#news.roomClosed(id, "left");
    }
    return succeed(but);
  }

  async leaveRoom(id: RoomId): Promise<Outcome<RoomId>> {
    return this.#end("LEAVE_ROOM", id);
  }

  async deleteRoom(id: RoomId): Promise<Outcome<RoomId>> {
    return this.#end("DELETE_ROOM", id);
  }

  async #end(command: "LEAVE_ROOM" | "DELETE_ROOM", id: RoomId): Promise<Outcome<RoomId>> {
    const name = this.#memory.nameByJoinedId.get(id);
    if (name === undefined) return fail("not_member", "room: expected one that was entered");
    const answer = await this.#ask(command, { room: name, username: this.#self });
    if (!answer.ok) return answer;
    this.#memory.forget(id);
    return succeed(id);
  }

  async listMembers(id: RoomId): Promise<Outcome<RoomPage>> {
    const answer = await this.#ask("LIST_ROOMS", {});
    if (!answer.ok) return answer;
    for (const room of answer.value.rooms?.values() ?? []) {
      if (seedRoomId(room.name) === id) return succeed(this.#pageOf(room));
    }
    return fail("room_missing", "room: expected one that the tracker lists");
  }

  // What an original tracker has no word for.

  readonly admitMember = notHere;
  readonly removeMember = notHere;
  readonly transferRoom = notHere;
  readonly unlatch = notHere;
  readonly tellAddresses = notHere;
  readonly observe = notHere;
  readonly checkReach = notHere;
  readonly connect = notHere;
  readonly answer = notHere;
  readonly punch = notHere;

  answers(): Promise<boolean> {
    return Promise.resolve(!this.#link.isClosed);
  }

  async logOut(): Promise<void> {
    this.#link.sendJson({ cmd: "LOGOUT", username: this.#self });
    await this.#link.close(fault("closed", "logged out"));
  }

  close(reason: Fault): void {
    void this.#link.close(reason);
  }

  // ---- what arrives

  message({ payload }: LinkMessage): void {
    const decoded = decodeSeedDownstream(payload);
    if (!decoded.ok) return this.#settle({ ok: false, fault: decoded.fault });
    const said = decoded.value;
    if (said.status === "OK") return this.#settle(succeed(said));
    if (said.status === "ERROR")
      return this.#settle({ ok: false, fault: seedFault(this.#asked?.command, this.#asked?.room ?? "", said.msg) });
    if (this.#memory.nameByJoinedId.has(seedRoomId(said.room.name))) this.#news.snapshot(this.#viewOf(said.room));
  }

  closed(reason: Fault): void {
    const best = this.#announced ?? reason;
    this.#requests.end(best);
    this.#news.closed(best);
  }

  /** Answers come in the order of the questions; what nobody asked for is why the tracker is about to close. */
  #settle(answer: Outcome<SeedOk>): void {
    const oldest = this.#requests.oldest();
    if (oldest !== undefined) this.#requests.settle(oldest, answer);
    else if (!answer.ok) this.#announced = answer.fault;
  }

  #ask(
    cmd: SeedCommand,
    fields: { readonly room?: string; readonly [field: string]: unknown },
  ): Promise<Outcome<SeedOk>> {
    return this.#turns.take(async () => {
      this.#asked = { command: cmd, room: fields.room ?? "" };
      const answer = await this.#requests.ask(() => this.#link.sendJson({ cmd, ...fields }));
      this.#asked = undefined;
      if (!answer.ok && answer.fault.code === "timeout") this.close(answer.fault);
      return answer;
    });
  }

  get #isLocal(): boolean {
    return isLoopback(this.ends.remoteAddress);
  }

  #viewOf(room: SeedRoom): RoomView {
    return seedRoomView(room, this.#memory, this.#isLocal);
  }

  #pageOf(seedRoom: SeedRoom): RoomPage {
    const { room, memberByName } = this.#viewOf(seedRoom);
    return { room, members: [...memberByName.values()], next: null };
  }
}

async function notHere(): Promise<Outcome<never>> {
  return fail("unsupported", "a Papo tracker");
}
