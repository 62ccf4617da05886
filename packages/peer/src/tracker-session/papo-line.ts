import {
  type ChannelSecurity,
  type Clock,
  type KeepAlive,
  type Link,
  type LinkEnds,
  type LinkMessage,
  type LinkReceiver,
  keepAlive,
} from "@papo/link";
import {
  type CallId,
  type CheckReachAnswer,
  type Fault,
  type EnteredRoomAnswer,
  type FindPeerAnswer,
  type HelloAnswer,
  type IpLiteral,
  type ListPeersAnswer,
  type LoginRequest,
  type MemberChangedAnswer,
  type OkAnswer,
  type Outcome,
  PROTOCOL_VERSION,
  type RegisterRequest,
  type RelayTicket,
  type RoomId,
  type RoomName,
  type SignedText,
  TRACKER_ANSWER_MS,
  type TrackerAnswers,
  type TrackerCommand,
  type TrackerKey,
  type TrackerRequest,
  type Username,
  decodeTrackerDownstream,
  decodeWith,
  fault,
  succeed,
  trackerAnswers,
} from "@papo/protocol";
import { LineNews } from "./line-news.ts";
import { saidFault, unproven } from "./papo-faults.ts";
import { Requests } from "./requests.ts";
import type {
  CallAnswer,
  CallRequest,
  LineReceiver,
  LoggedIn,
  NewRoom,
  RoomListing,
  RoomPage,
  TrackerLine,
} from "./tracker-line.ts";

const JSON_FRAME = 0;

/** A request as its caller writes it: the line gives the id. */
type Asked<C extends TrackerCommand> = Omit<Extract<TrackerRequest, { cmd: C }>, "id" | "cmd">;

/** A line to one of our trackers. docs/protocol/tracker.md */
export class PapoLine implements TrackerLine, LinkReceiver {
  readonly ends: LinkEnds;
  readonly security: ChannelSecurity | undefined;
  readonly #link: Link;
  readonly #kept: KeepAlive;
  readonly #requests: Requests<OkAnswer>;
  readonly #news: LineNews;
  #trackerKey: TrackerKey | null = null;
  #observed: IpLiteral | null = null;
  #relay: HelloAnswer["relay"] = null;
  #now: HelloAnswer["now"] | null = null;
  /** Why the tracker said it would close: better than what the socket says afterwards. */
  #announced: Fault | undefined;

  constructor(link: Link, clock: Clock) {
    this.#link = link;
    this.#kept = keepAlive(link, clock, this);
    this.#news = new LineNews(() => link.destroy(fault("lost", "news before the session began")));
    this.ends = link.ends;
    this.security = link.security;
    this.#requests = new Requests(clock);
  }

  get trackerKey(): TrackerKey | null {
    return this.#trackerKey;
  }

  /** What is said is heard from here on. */
  start(): void {
    this.#link.start(this.#kept);
  }

  /** Where the tracker sees us come from, once it has said so. */
  get observed(): IpLiteral | null {
    return this.#observed;
  }

  get relay(): HelloAnswer["relay"] {
    return this.#relay;
  }

  /** The tracker's clock when it greeted us. */
  get now(): HelloAnswer["now"] | null {
    return this.#now;
  }

  /** Before, whoever is there may fill our memory with news for nobody. */
  get #isProven(): boolean {
    return this.#trackerKey !== null;
  }

  // ---- opening, in this order: greet, then one of register and logIn

  /**
   * The first exchange. `prove` looks at the tracker's statement and gives its key, or says why it is not believed: until
   * then nothing but our version has been sent.
   */
  async greet(
    prove: (statement: TrackerAnswers["HELLO"]["tracker"]) => Promise<Outcome<TrackerKey>>,
  ): Promise<Outcome<TrackerKey>> {
    const answer = await this.#ask("HELLO", { version: PROTOCOL_VERSION, features: [] });
    if (!answer.ok) return { ok: false, fault: unproven(answer.fault) };
    const proven = await prove(answer.value.tracker);
    if (!proven.ok) return proven;
    this.#trackerKey = proven.value;
    this.#observed = answer.value.observed;
    this.#relay = answer.value.relay;
    this.#now = answer.value.now;
    return proven;
  }

  async register(request: Omit<RegisterRequest, "cmd" | "id">): Promise<Outcome<LoggedIn>> {
    return this.#ask("REGISTER", request);
  }

  async logIn(request: Omit<LoginRequest, "cmd" | "id">): Promise<Outcome<LoggedIn>> {
    return this.#ask("LOGIN", request);
  }

  // ---- TrackerLine

  listen(receiver: LineReceiver): void {
    this.#news.listen(receiver);
  }

  listPeers(page: { readonly query?: string; readonly after?: Username }): Promise<Outcome<ListPeersAnswer>> {
    return this.#ask("LIST_PEERS", page);
  }

  findPeer(name: Username): Promise<Outcome<FindPeerAnswer>> {
    return this.#ask("FIND_PEER", { username: name });
  }

  listRooms(page: { readonly query?: string; readonly after?: RoomName }): Promise<Outcome<RoomListing>> {
    return this.#ask("LIST_ROOMS", page);
  }

  createRoom({ name, kind, roomId, capacity }: NewRoom): Promise<Outcome<EnteredRoomAnswer>> {
    return this.#ask("CREATE_ROOM", {
      room: name,
      kind: kind ?? "open",
      ...(roomId === undefined ? {} : { roomId }),
      ...(capacity === undefined ? {} : { capacity }),
    });
  }

  joinRoom(name: RoomName, id?: RoomId): Promise<Outcome<EnteredRoomAnswer>> {
    return this.#ask("JOIN_ROOM", { room: name, ...(id === undefined ? {} : { roomId: id }) });
  }

  async leaveRoom(id: RoomId): Promise<Outcome<RoomId>> {
    const answer = await this.#ask("LEAVE_ROOM", { room: id });
    return answer.ok ? succeed(id) : answer;
  }

  async deleteRoom(id: RoomId): Promise<Outcome<RoomId>> {
    const answer = await this.#ask("DELETE_ROOM", { room: id });
    return answer.ok ? succeed(id) : answer;
  }

  listMembers(id: RoomId, after: Username | undefined): Promise<Outcome<RoomPage>> {
    return this.#ask("LIST_MEMBERS", { room: id, ...(after === undefined ? {} : { after }) });
  }

  async admitMember(room: RoomId, name: Username): Promise<Outcome<Username>> {
    return aboutMember(await this.#ask("ADMIT_MEMBER", { room, username: name }));
  }

  async removeMember(room: RoomId, name: Username): Promise<Outcome<Username>> {
    return aboutMember(await this.#ask("REMOVE_MEMBER", { room, username: name }));
  }

  async transferRoom(room: RoomId, name: Username): Promise<Outcome<Username>> {
    return aboutMember(await this.#ask("TRANSFER_ROOM", { room, username: name }));
  }

  async unlatch(request: SignedText): Promise<Outcome<null>> {
    return done(await this.#ask("UNLATCH", { request }));
  }

  async tellAddresses(addresses: SignedText): Promise<Outcome<null>> {
    return done(await this.#ask("ADDRESSES", { addresses }));
  }

  async observe(): Promise<Outcome<RelayTicket>> {
    const answer = await this.#ask("OBSERVE", {});
    return answer.ok ? succeed(answer.value.ticket) : answer;
  }

  checkReach(port?: number): Promise<Outcome<CheckReachAnswer>> {
    return this.#ask("CHECK_REACH", port === undefined ? {} : { port });
  }

  async connect(request: CallRequest): Promise<Outcome<CallId>> {
    const answer = await this.#ask("CONNECT", request);
    return answer.ok ? succeed(answer.value.call) : answer;
  }

  async answer(answer: CallAnswer): Promise<Outcome<null>> {
    return done(await this.#ask("ANSWER", answer));
  }

  async punch(call: CallId, ticket: RelayTicket): Promise<Outcome<null>> {
    return done(await this.#ask("PUNCH", { call, ticket }));
  }

  answers(): Promise<boolean> {
    return this.#kept.answers(TRACKER_ANSWER_MS);
  }

  async logOut(): Promise<void> {
    await this.#ask("LOGOUT", {});
    await this.#link.close(fault("closed", "logged out"));
  }

  close(reason: Fault): void {
    void this.#link.close(reason);
  }

  // ---- what arrives

  message({ kind, payload }: LinkMessage): void {
    if (kind !== JSON_FRAME) return; // A kind of a newer tracker; from 128 on the link closed itself.
    const decoded = decodeTrackerDownstream(payload);
    // A push of a newer tracker is passed over; a room update that we cannot read shows as a gap, and is asked for again.
    if (!decoded.ok) return decoded.fault.code === "invalid_message" ? undefined : this.close(decoded.fault);
    const said = decoded.value;
    if ("cmd" in said) return; // The link's keep-alive answers these.

    switch (said.status) {
      case "OK":
        this.#requests.settle(said.re, succeed(said));
        return;
      case "ERROR":
        if (said.re !== undefined) this.#requests.settle(said.re, { ok: false, fault: saidFault(said) });
        return;
      case "ROOM_UPDATE":
        return this.#isProven ? this.#news.delta(said) : undefined;
      case "ROOM_CLOSED":
        return this.#isProven ? this.#news.roomClosed(said.room, said.reason) : undefined;
      case "OBSERVED":
        return this.#isProven ? this.#news.observed(said) : undefined;
      case "CALL":
      case "PATHS":
      case "PUNCH":
        return this.#isProven ? this.#news.calls(said) : undefined;
      case "CLOSING":
        this.#announced = saidFault(said);
        return;
    }
  }

  closed(reason: Fault): void {
    const best = this.#announced ?? reason;
    this.#requests.end(best);
    this.#news.closed(best);
  }

  async #ask<C extends TrackerCommand>(cmd: C, fields: Asked<C>): Promise<Outcome<TrackerAnswers[C]>> {
    const answer = await this.#requests.ask((id) => this.#link.sendJson({ cmd, id, ...fields }));
    if (!answer.ok) return answer;
    const decoded = decodeWith(trackerAnswers[cmd], answer.value);
    // The schema that was picked by `cmd` gives exactly this: TypeScript cannot follow the index.
    return decoded as Outcome<TrackerAnswers[C]>;
  }
}

function done(answer: Outcome<unknown>): Outcome<null> {
  return answer.ok ? succeed(null) : answer;
}

function aboutMember(answer: Outcome<MemberChangedAnswer>): Outcome<Username> {
  return answer.ok ? succeed(answer.value.username) : answer;
}
