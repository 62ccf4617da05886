import { type Timer, inviteKeyOfSeed, signInviteProof } from "@papo/link";
import {
  type AccountKey,
  DIAL_TIMEOUT_MS,
  INVITES_AWAITED_MAX,
  INVITE_RETRY_INTERVAL_MS,
  type InviteAnswer,
  type InviteLink,
  type Outcome,
  type RoomId,
  fail,
  formatInviteLink,
  parseInviteLink,
  succeed,
} from "@papo/protocol";
import type { Room } from "../../api.ts";
import type { InviteChannel, KeptPorts } from "./kept-ports.ts";
import type { KeptRoom } from "./kept-room.ts";
import type { Meetings } from "./meetings.ts";
import type { OwnPlaces } from "./own-places.ts";
import { storedRoom } from "./room-entrances.ts";
import type { RoomShelf } from "./room-shelf.ts";

const AWAITED_SETTING = "invites-awaited";

type Errand = { readonly link: InviteLink; readonly settle: Set<(outcome: Outcome<Room>) => void> };

/** The joiner's side of invites: meets whoever made the link, shows that we hold it, and waits to be let in; for as long as it takes, restarts included. */
export class InviteErrands {
  readonly #ports: KeptPorts;
  readonly #shelf: RoomShelf;
  readonly #meetings: Meetings;
  readonly #places: OwnPlaces;
  readonly #errandByRoom = new Map<RoomId, Errand>();
  readonly #timers = new Map<AccountKey, Timer>();

  constructor(
    ports: KeptPorts,
    parts: { readonly shelf: RoomShelf; readonly meetings: Meetings; readonly places: OwnPlaces },
  ) {
    this.#ports = ports;
    this.#shelf = parts.shelf;
    this.#meetings = parts.meetings;
    this.#places = parts.places;
  }

  /** What the last run left. */
  load(): void {
    for (const text of (this.#ports.history.setting(AWAITED_SETTING) ?? "").split(" ")) {
      const link = parseInviteLink(text);
      if (!link.ok) continue;
      this.#errandByRoom.set(link.value.room, { link: link.value, settle: new Set() });
      this.#meetings.want(link.value.username, link.value.account);
    }
  }

  /** Whether this account is to let us into that room. */
  isAwaiting(room: RoomId, account: AccountKey): boolean {
    return this.#errandByRoom.get(room)?.link.account === account;
  }

  /** `peer_offline`: whoever made it is not there now; it goes on being tried. */
  async use(text: string): Promise<Outcome<Room>> {
    const link = parseInviteLink(text);
    if (!link.ok) return link;
    const refused = this.#check(link.value);
    if (refused !== undefined) return refused;
    const { room: id, roomName } = link.value;
    const known = this.#shelf.get(id);
    if (known?.standing === "member" || known?.standing === "read-only") return succeed(known.present());

    // Who is barred stays out until the log says otherwise.
    const isBarred = known?.standing === "removed" && known.state.formerByAccount.get(known.self)?.barred === true;
    if (!isBarred) {
      const kept = await this.#shelf.keep(storedRoom(id, roomName, "invite", "joining"));
      if (!kept.ok) return kept;
    }
    const errand: Errand = { link: link.value, settle: this.#errandByRoom.get(id)?.settle ?? new Set() };
    this.#errandByRoom.set(id, errand);
    const noted = await this.#keep();
    if (!noted.ok) return noted;
    const outcome = this.#outcomeOf(errand);
    this.#meetings.want(link.value.username, link.value.account);
    for (const channel of this.#ports.channelsTo(link.value.account)) this.linked(channel);
    return outcome;
  }

  #check({ tracker, account }: InviteLink): Extract<Outcome<Room>, { ok: false }> | undefined {
    const { trackerKey } = this.#ports;
    const isElsewhere = tracker.key !== undefined && trackerKey !== null && tracker.key !== trackerKey;
    if (isElsewhere) return fail("wrong_recipient", "invite: expected one to a room of this tracker");
    if (account === this.#ports.own().keys.root.publicKey)
      return fail("invite_invalid", "invite: expected somebody else's");
    if (this.#errandByRoom.size >= INVITES_AWAITED_MAX)
      return fail("limit_reached", `invites: at most ${INVITES_AWAITED_MAX} at once`);
    return undefined;
  }

  /** The answer, if it comes while somebody looks at the screen. */
  #outcomeOf(errand: Errand): Promise<Outcome<Room>> {
    return new Promise((resolve) => {
      const settle = (outcome: Outcome<Room>): void => {
        timer.cancel();
        errand.settle.delete(settle);
        resolve(outcome);
      };
      const timer = this.#ports.clock.after(DIAL_TIMEOUT_MS, () =>
        settle(fail("peer_offline", "inviter: not there now; asked again later")),
      );
      errand.settle.add(settle);
    });
  }

  /** A link with a device of theirs: we show what we hold. */
  linked(channel: InviteChannel): void {
    for (const { link } of this.#errandByRoom.values()) {
      if (link.account !== channel.party.account) continue;
      const { keys, binding } = this.#ports.own();
      const key = inviteKeyOfSeed(link.seed);
      const proof = signInviteProof(key, link.room, keys.root.publicKey);
      channel.say({ cmd: "USE_INVITE", room: link.room, invite: key.publicKey, proof, binding });
    }
  }

  /** Only whom we asked can answer. */
  async answered({ party }: InviteChannel, { room: id, refused }: InviteAnswer): Promise<void> {
    const errand = this.#errandByRoom.get(id);
    const room = this.#shelf.get(id);
    const isAsked = errand?.link.account === party.account;
    if (refused === null && room !== undefined && (isAsked || room.state.memberByAccount.has(party.account)))
      this.#enter(room);
    if (errand === undefined || !isAsked) return;
    // A full disk there, or no place left now: the same may succeed later.
    if (refused === "storage_failed" || refused === "busy") return this.#askAgainLater(party.account);
    // Who is still out by the log is in when that says so.
    if (refused === null && room?.standing === "removed") return;
    if (refused === null && room !== undefined) return settle(errand, succeed(room.present()));
    await this.#done(id, errand);
    if (room !== undefined && isEmpty(room)) await this.#shelf.forget(id);
    settle(errand, fail(refused ?? "room_missing", "invite: said by the inviter"));
  }

  /** They have let us in and told the tracker: the place there is ours to take. The errand ends when what they wrote is here. */
  #enter(room: KeptRoom): void {
    // Whoever the log still says is out would give the place back at once: it is taken when the log says otherwise.
    if (room.standing !== "removed") this.#takePlace(room);
    this.#ports.spread.membersChanged(room.id);
  }

  #takePlace(room: KeptRoom): void {
    if (this.#ports.view(room.id) === undefined) void this.#places.take(room);
  }

  #askAgainLater(account: AccountKey): void {
    if (this.#timers.has(account)) return;
    const timer = this.#ports.clock.after(INVITE_RETRY_INTERVAL_MS, () => {
      this.#timers.delete(account);
      for (const channel of this.#ports.channelsTo(account)) this.linked(channel);
    });
    this.#timers.set(account, timer);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
  }

  /** The entries that let us in have come, whoever brought them. */
  async admitted(room: KeptRoom): Promise<void> {
    const errand = this.#errandByRoom.get(room.id);
    if (errand === undefined) return;
    this.#takePlace(room);
    await this.#done(room.id, errand);
    settle(errand, succeed(room.present()));
  }

  /** Nobody wants it any more. */
  async cancel(id: RoomId): Promise<void> {
    const errand = this.#errandByRoom.get(id);
    if (errand === undefined) return;
    await this.#done(id, errand);
    settle(errand, fail("closed", "invite: given up"));
  }

  async #done(id: RoomId, errand: Errand): Promise<void> {
    this.#errandByRoom.delete(id);
    const isWanted = [...this.#errandByRoom.values()].some(({ link }) => link.account === errand.link.account);
    if (!isWanted) this.#meetings.unwant(errand.link.account);
    await this.#keep();
  }

  #keep(): Promise<Outcome<void>> {
    const links = [...this.#errandByRoom.values()].map(({ link }) => formatInviteLink(link));
    const value = links.length === 0 ? null : links.join(" ");
    return this.#ports.history.commit([{ kind: "put-setting", name: AWAITED_SETTING, value }]);
  }
}

function settle(errand: Errand, outcome: Outcome<Room>): void {
  for (const each of errand.settle) each(outcome);
}

/** Nothing of its log has ever come. */
function isEmpty(room: KeptRoom): boolean {
  return room.state.genesis === undefined;
}
