import { inviteKeyOfSeed, verifyInviteProof } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Fault,
  type FaultCode,
  INVITE_DAYS_DEFAULT,
  INVITE_DAYS_MAX,
  INVITE_SEED_BYTES,
  INVITE_USES_MAX,
  type Outcome,
  type RoomId,
  type SignedText,
  type UseInvite,
  type Username,
  fail,
  fault,
  formatInviteLink,
  parseInviteLink,
  succeed,
} from "@papo/protocol";
import type { Invite } from "../../api.ts";
import { encodeHistoryBase } from "../log/history-base.ts";
import { type InviteBook, type KeptInvite, isLive, seedOf } from "./invite-book.ts";
import type { InviteChannel, KeptPorts } from "./kept-ports.ts";
import type { KeptRoom } from "./kept-room.ts";
import { boundName } from "./member-names.ts";
import { whyNotWritable } from "./kept-standing.ts";
import type { RoomShelf } from "./room-shelf.ts";
import type { TrackerErrands } from "./tracker-errands.ts";

const DAY_MS = 86_400_000;
/** Refusals that the user is told of, once for each account and reason; those who try on are only refused. */
const REFUSALS_TOLD_MAX = 256;

/** The inviter's side: makes links, and lets in whoever proves to hold one. Expiry and uses are judged here, by this device's clock, and nowhere else. */
export class InviteDesk {
  readonly #ports: KeptPorts;
  readonly #shelf: RoomShelf;
  readonly #book: InviteBook;
  readonly #errands: TrackerErrands;
  readonly #toldRefusals = new Set<string>();
  /** One after another: who comes second sees what the first one took. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    ports: KeptPorts,
    parts: { readonly shelf: RoomShelf; readonly book: InviteBook; readonly errands: TrackerErrands },
  ) {
    this.#ports = ports;
    this.#shelf = parts.shelf;
    this.#book = parts.book;
    this.#errands = parts.errands;
  }

  // ---- links

  async create(
    id: RoomId,
    { uses = 1, days = INVITE_DAYS_DEFAULT }: { readonly uses?: number; readonly days?: number } = {},
  ): Promise<Outcome<Invite>> {
    const room = this.#roomToInviteTo(id);
    if (!room.ok) return room;
    if (room.value.state.genesis?.room !== "invite")
      return fail("room_kind_refused", "room: expected one that needs an invite");
    const areTerms = Number.isSafeInteger(uses) && uses >= 1 && uses <= INVITE_USES_MAX;
    if (!areTerms || !(days > 0 && days <= INVITE_DAYS_MAX))
      return fail("limit_reached", `invite: at most ${INVITE_USES_MAX} uses and ${INVITE_DAYS_MAX} days`);
    return this.#make(room.value, { uses, days });
  }

  /** A link for somebody who was barred, in rooms of either kind: it lets in nobody else. As long as one is open it is the same one. */
  async pardon(id: RoomId, username: Username): Promise<Outcome<Invite>> {
    const room = this.#roomToInviteTo(id);
    if (!room.ok) return room;
    const { state, self, names } = room.value;
    const only = barredIn(room.value).find((account) => names.of(account) === username);
    if (only === undefined) return fail("peer_missing", "username: expected somebody who was barred");
    if (!state.mayAdmit(self, only)) return fail("not_allowed", "username: barred by a higher rank");
    const open = this.#book.of(id).find((invite) => invite.only === only && this.#isLive(invite));
    return open === undefined
      ? this.#make(room.value, { uses: 1, days: INVITE_DAYS_DEFAULT, only })
      : this.#present(room.value, open);
  }

  /** Who cannot come back by themselves. */
  barred(id: RoomId): readonly Username[] {
    const room = this.#shelf.get(id);
    return room === undefined ? [] : barredIn(room).map((account) => room.names.of(account));
  }

  async #make(
    room: KeptRoom,
    { uses, days, only }: { readonly uses: number; readonly days: number; readonly only?: AccountKey },
  ): Promise<Outcome<Invite>> {
    const nowMs = this.#ports.clock.wallMs();
    const seed = this.#ports.random.bytes(INVITE_SEED_BYTES);
    const expiresMs = Math.trunc(nowMs + days * DAY_MS);
    const made = await this.#book.add(room.id, { seed, expiresMs, uses, nowMs, only });
    return made.ok ? this.#present(room, made.value) : made;
  }

  #isLive(invite: KeptInvite): boolean {
    return isLive(invite, this.#ports.clock.wallMs());
  }

  /** Those that still let somebody in. */
  list(id: RoomId): readonly Invite[] {
    const room = this.#shelf.get(id);
    if (room === undefined) return [];
    const live = this.#book.of(id).filter((invite) => this.#isLive(invite));
    return live.flatMap((invite) => {
      const presented = this.#present(room, invite);
      return presented.ok ? [presented.value] : [];
    });
  }

  async revoke(id: RoomId, link: string): Promise<Outcome<RoomId>> {
    const read = parseInviteLink(link);
    if (!read.ok) return read;
    const invite = this.#book.find(id, inviteKeyOfSeed(read.value.seed).publicKey);
    if (invite === undefined) return fail("invite_invalid", "invite: expected one of this room that was made here");
    const revoked = await this.#book.revoke(id, invite.id);
    return revoked.ok ? succeed(id) : revoked;
  }

  #present(room: KeptRoom, invite: KeptInvite): Outcome<Invite> {
    const address = this.#ports.trackerAddress();
    if (address.dialect !== "papo") return fail("unsupported", "tracker: expected one that knows keys");
    const { username, keys } = this.#ports.own();
    const link = formatInviteLink({
      tracker: { ...address, key: this.#ports.trackerKey ?? address.key },
      ...{ room: room.id, roomName: room.name, seed: seedOf(invite), expiresMs: invite.expiresMs },
      ...{ account: keys.root.publicKey, username },
    });
    const usesLeft = invite.uses - invite.usedBy.length;
    const only = invite.only === undefined ? {} : { only: room.names.of(invite.only) };
    return succeed({ link, room: room.id, roomName: room.name, expiresMs: invite.expiresMs, usesLeft, ...only });
  }

  #roomToInviteTo(id: RoomId): Outcome<KeptRoom> {
    const room = this.#shelf.find(id);
    if (!room.ok) return room;
    const { state, self, standing } = room.value;
    const refused = whyNotWritable(standing);
    if (refused !== undefined) return { ok: false, fault: refused };
    const role = state.memberByAccount.get(self)?.role ?? "member";
    return role === "member" ? fail("not_allowed", "invite: owner and moderators make them") : room;
  }

  // ---- whoever holds one

  /** Answers in any case. */
  async used(channel: InviteChannel, said: UseInvite): Promise<void> {
    const turn = this.#turn.then(() => this.#judge(channel, said));
    this.#turn = turn;
    const admitted = await turn;
    const refused: FaultCode | null = admitted.ok ? null : admitted.fault.code;
    channel.say({ cmd: "INVITE_ANSWER", room: said.room, refused });
    if (!admitted.ok) this.#tellRefusal(channel, said.room, admitted.fault);
    if (admitted.ok) this.#ports.spread.membersChanged(said.room);
  }

  async #judge({ party }: InviteChannel, said: UseInvite): Promise<Outcome<RoomId>> {
    const room = this.#roomToInviteTo(said.room);
    // Who holds no invite does not learn which rooms there are.
    if (!room.ok) return INVALID;
    const { account } = party;
    if (!verifyInviteProof(said.invite, { room: said.room, account, proof: said.proof })) return INVALID;
    const { state } = room.value;
    if (state.memberByAccount.has(account)) return this.#tellTracker(room.value);

    const refused = this.#whyNotLetIn(room.value, account, said);
    if (refused !== undefined) return { ok: false, fault: refused };
    const used = await this.#book.use(said.room, said.invite, account);
    if (!used.ok) return used;
    const admitted = await this.#admit(room.value, party.statement, said, account);
    if (!admitted.ok) await this.#book.giveBack(said.room, said.invite, account);
    return admitted.ok ? this.#tellTracker(room.value) : admitted;
  }

  #whyNotLetIn(
    { state, self }: KeptRoom,
    account: AccountKey,
    { room, invite: id, binding }: UseInvite,
  ): Fault | undefined {
    const invite = this.#book.find(room, id);
    if (invite === undefined || invite.expiresMs <= this.#ports.clock.wallMs()) return INVALID.fault;
    if (invite.only !== undefined && invite.only !== account) return INVALID.fault;
    const former = state.formerByAccount.get(account);
    const isBarred = former?.barred === true && !(invite.only === account && state.mayAdmit(self, account));
    const wasPutOut = former?.kind === "removed" && (isBarred || invite.usedBy.includes(account));
    if (wasPutOut) return fault("removed", "account: was removed from the room");
    if (!invite.usedBy.includes(account) && invite.usedBy.length >= invite.uses) return INVALID.fault;
    if (state.memberByAccount.size >= (state.genesis?.capacity ?? 0)) return fault("room_full", "room: no place left");
    const tracker = state.genesis?.tracker ?? null;
    const isTheirs = binding === null || (tracker !== null && boundName(binding, account, tracker) !== undefined);
    return isTheirs ? undefined : INVALID.fault;
  }

  async #admit(room: KeptRoom, statement: SignedText, said: UseInvite, account: AccountKey): Promise<Outcome<RoomId>> {
    const base = room.state.genesis?.history === "all" ? null : encodeHistoryBase(contentHeads(room));
    if (base === undefined) return fail("limit_reached", "room: too many devices");
    const { invite, proof, binding } = said;
    const body = { account, statement, binding, invite, proof, base };
    const written = await room.writer.write({ chain: "control", kind: "admit", body });
    return written.ok ? succeed(room.id) : written;
  }

  /** The tracker lists them as well; while it is away the log alone says so, and the errand waits. */
  async #tellTracker(room: KeptRoom): Promise<Outcome<RoomId>> {
    await this.#errands.lookNow(room);
    return succeed(room.id);
  }

  #tellRefusal({ party }: InviteChannel, id: RoomId, reason: Fault): void {
    const room = this.#shelf.get(id);
    const name = `${id} ${party.account} ${reason.code}`;
    if (room === undefined || this.#toldRefusals.has(name) || this.#toldRefusals.size >= REFUSALS_TOLD_MAX) return;
    this.#toldRefusals.add(name);
    this.#ports.emit({ kind: "invite-refused", room: room.present(), username: party.username, reason });
  }
}

function barredIn({ state }: KeptRoom): readonly AccountKey[] {
  return [...state.formerByAccount].filter(([, { barred }]) => barred).map(([account]) => account);
}

/** What is said up to now is not theirs to read. */
function contentHeads({ replica }: KeptRoom): ReadonlyMap<DeviceKey, number> {
  return new Map(replica.heads().map(({ device, content }) => [device, content?.[0] ?? 0]));
}

const INVALID = fail("invite_invalid", "invite: expected one that holds");
