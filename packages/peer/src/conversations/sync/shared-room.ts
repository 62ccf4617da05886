import {
  type AccountKey,
  type DeviceKey,
  REOFFER_FIRST_MS,
  REOFFER_LAST_MS,
  SYNC_HEADS_PAGE_MAX,
} from "@papo/protocol";
import type { SyncLink } from "../../mesh/sync-link.ts";
import type { RoomReplica } from "../log/room-replica.ts";
import { Acknowledging } from "./acknowledging.ts";
import type { Held } from "./holdings.ts";
import type { LinkTalk } from "./link-talk.ts";
import { Reminder } from "./reminder.ts";
import type { RoomSyncPorts } from "./sync-ports.ts";

/**
 * How the account of a link stands to a room. `expected`: our control set does not know it, but the tracker or an invite says that it belongs there; until we
 * have the genesis ourselves, it is from them that we get it. docs/protocol/room-log.md §7.1
 */
export type Standing = "member" | "former" | "expected" | "stranger";

export function standingOf(
  account: AccountKey,
  replica: RoomReplica,
  { isExpected }: Pick<RoomSyncPorts, "isExpected">,
): Standing {
  const right = replica.readingRight(account).kind;
  if (right === "from") return "member";
  if (right === "until") return "former";
  return isExpected(replica.id, account) ? "expected" : "stranger";
}

export type SharedRoomPorts = {
  /** They have not shown that they have everything of ours that they may have. */
  readonly theyLag: (shared: SharedRoom) => boolean;
  /** They have not shown that they have all by which we belong there. */
  readonly lackUs: (shared: SharedRoom) => boolean;
  /** They have shown that they have something that we lack. */
  readonly weLag: (shared: SharedRoom) => boolean;
  readonly pull: () => void;
  readonly caughtUp: () => void;
};

/** One room on one link. */
export class SharedRoom {
  readonly talk: LinkTalk;
  readonly replica: RoomReplica;
  readonly acks: Acknowledging;
  /** Offers them what they lack, until they have it. */
  readonly offers: Reminder;
  /** Asks them for what they say they have, until it is here. */
  readonly chases: Reminder;
  /** The last digest that they told. */
  theirDigest: string | undefined;
  /** The digest of theirs of which we have everything that we may have. */
  settledDigest: string | undefined;
  /** Their heads are to be asked for, whatever the digests say. */
  mustAsk = false;
  /** Inside a list of heads whose first page was not read. */
  isAmidHeads = false;
  /** They asked for our heads when these were not for them yet. */
  owesHeads = false;
  /** They have sent entries of the room unasked: they count us as a neighbour. */
  feedsUs = false;
  /** Devices that they have no link with. */
  carriesFor: ReadonlySet<DeviceKey> = new Set();
  /** The count of each device's newest receipt that was passed on. */
  readonly receiptToldByDevice = new Map<DeviceKey, number>();
  /** What they said to have of this device's entries, when that was more than was known here to be written. */
  claimed: Held | undefined;
  lastStanding: Standing = "stranger";
  readonly #ports: RoomSyncPorts;
  readonly #caughtUp: () => void;
  #toldDigest: string | undefined;
  #toldDigestMs = Number.NEGATIVE_INFINITY;
  /** Of this digest, to the same one of theirs. */
  #digestAnswers = 0;
  #toldHeads: string | undefined;
  #toldHeadsMs = Number.NEGATIVE_INFINITY;
  #bareAnswerMs = Number.NEGATIVE_INFINITY;
  #isTellingHeads = false;
  #gapAskedMs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(talk: LinkTalk, replica: RoomReplica, ports: RoomSyncPorts, how: SharedRoomPorts) {
    this.talk = talk;
    this.replica = replica;
    this.#ports = ports;
    this.#caughtUp = how.caughtUp;
    const { clock, random } = ports;
    this.acks = new Acknowledging(clock, talk.link, replica);
    const offer = (): void => {
      if (how.lackUs(this)) this.introduce();
      this.tellDigest();
    };
    this.offers = new Reminder({ clock, random, isNeeded: () => how.theyLag(this), remind: offer });
    const chase = (): void => {
      this.mustAsk = true;
      how.pull();
    };
    this.chases = new Reminder({ clock, random, isNeeded: () => how.weLag(this), remind: chase });
  }

  get link(): SyncLink {
    return this.talk.link;
  }

  get standing(): Standing {
    return standingOf(this.link.account, this.replica, this.#ports);
  }

  /** Whether they may hear how far we are, and whether we may take their word for how far they are. */
  get isPeer(): boolean {
    const { standing } = this;
    return standing === "member" || (standing === "expected" && this.isJoining);
  }

  get isJoining(): boolean {
    return this.replica.state.genesis === undefined;
  }

  get ourDigest(): string {
    return digestOf(this.replica);
  }

  stop(): void {
    this.acks.stop();
    this.offers.stop();
    this.chases.stop();
  }

  // ---- what we tell

  /** Our own control entries: whoever does not know us yet lets us in by them. */
  introduce(): void {
    const entries = this.#ports.ownControl(this.replica.id);
    if (entries.length > 0) this.link.sayEntries({ room: this.replica.id, entries });
  }

  /** Who has nothing yet has nothing to compare: two who come in together would wait for one another. */
  tellDigest(): void {
    if (!this.isPeer || this.isJoining) return;
    const { control, content } = this.replica.digest();
    this.#toldDigest = this.ourDigest;
    this.#toldDigestMs = this.#ports.clock.monotonicMs();
    this.link.say({ cmd: "SYNC_DIGEST", room: this.replica.id, control, content });
  }

  /** With ours, unless they know it or will in a moment. On a long way answers would be answered for ever, so they grow rarer while nothing changes. */
  answerDigest(how: { readonly isNews: boolean }): void {
    if (how.isNews || this.hasDigestToTell) this.#digestAnswers = 0;
    const sinceMs = this.#ports.clock.monotonicMs() - this.#toldDigestMs;
    if (!this.hasDigestToTell && sinceMs < waitAfter(this.#digestAnswers)) return;
    this.#digestAnswers += 1;
    this.tellDigest();
  }

  /** There is something new since the last digest that they heard. */
  get hasDigestToTell(): boolean {
    return this.#toldDigest !== this.ourDigest;
  }

  /** With our own heads, or without if they were told a moment ago. */
  askForHeads(): void {
    const { id: room } = this.replica;
    if (!this.isPeer) return;
    if (this.#hasToldHeads) this.link.say({ cmd: "SYNC_HEADS", room, heads: [], last: true, ask: true });
    else void this.#tellHeads({ ask: true });
  }

  /** Both sides ask at once when both see that they differ: that is one exchange. Who asks without heads has none of ours any more. */
  answerHeads(how: { readonly toBareAsk: boolean }): void {
    if (!this.isPeer) return;
    if (!how.toBareAsk && this.#hasToldHeads) return;
    if (how.toBareAsk && this.#isRecent(this.#bareAnswerMs)) return;
    if (how.toBareAsk) this.#bareAnswerMs = this.#ports.clock.monotonicMs();
    void this.#tellHeads({ ask: false });
  }

  get #hasToldHeads(): boolean {
    return this.#toldHeads === this.ourDigest && this.#isRecent(this.#toldHeadsMs);
  }

  async #tellHeads(how: { readonly ask: boolean }): Promise<void> {
    const { id: room } = this.replica;
    if (this.#isTellingHeads) return;
    this.#toldHeads = this.ourDigest;
    this.#toldHeadsMs = this.#ports.clock.monotonicMs();
    this.#isTellingHeads = true;
    const heads = this.replica.heads();
    for (let at = 0; at === 0 || at < heads.length; at += SYNC_HEADS_PAGE_MAX) {
      if (at > 0) await this.link.drained();
      const last = at + SYNC_HEADS_PAGE_MAX >= heads.length;
      const page = heads.slice(at, at + SYNC_HEADS_PAGE_MAX);
      const said = this.link.say({ cmd: "SYNC_HEADS", room, heads: page, last, ask: last && how.ask });
      if (said === "closed") break;
    }
    this.#isTellingHeads = false;
  }

  #isRecent(sinceMs: number): boolean {
    return this.#ports.clock.monotonicMs() - sinceMs < REOFFER_FIRST_MS;
  }

  // ---- whether they have what we lack

  get isBehindThem(): boolean {
    if (!this.isPeer) return false;
    const { theirDigest } = this;
    const differs = theirDigest !== undefined && theirDigest !== this.ourDigest && theirDigest !== this.settledDigest;
    return this.mustAsk || differs;
  }

  /** Milliseconds until they may be asked again. */
  get waitMs(): number {
    return Math.max(0, this.#notBeforeMs - this.#ports.clock.monotonicMs());
  }

  get failures(): number {
    return this.#failures;
  }

  /** Everything that they showed is here now. */
  caughtUp(shown: string | undefined): void {
    this.settledDigest = shown;
    this.mustAsk = false;
    this.#failures = 0;
    this.#caughtUp();
  }

  /** They have told how far they are, and we have all of it that we may have. */
  get isSettled(): boolean {
    return this.theirDigest !== undefined && !this.isBehindThem;
  }

  /** What they brought has a gap before it. Who only ever brings such is not asked all the time. */
  askForGap(): void {
    if (this.#isRecent(this.#gapAskedMs)) return;
    this.#gapAskedMs = this.#ports.clock.monotonicMs();
    this.mustAsk = true;
  }

  /** They did not bring what they have, or it could not be stored. */
  failed(): void {
    this.#failures += 1;
    this.#notBeforeMs = this.#ports.clock.monotonicMs() + waitAfter(this.#failures - 1);
  }
}

function waitAfter(count: number): number {
  return Math.min(REOFFER_FIRST_MS * 2 ** Math.min(count, 16), REOFFER_LAST_MS);
}

/** The two hashes as one value to compare. */
export function digestOf(replica: RoomReplica): string {
  const { control, content } = replica.digest();
  return `${control} ${content}`;
}
