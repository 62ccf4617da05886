import type { Timer } from "@papo/link";
import {
  type DeviceKey,
  FULL_MESH_MEMBERS_MAX,
  type Outcome,
  SYNC_DIGEST_INTERVAL_MS,
  SYNC_GAP_WAIT_MS,
  type SyncCarry,
  type SyncDigest,
  type SyncHeads,
  type SyncReceipt,
  type SyncSays,
  type SyncStored,
  type WireEntry,
} from "@papo/protocol";
import type { StoredEntry } from "../../storage/history/history.ts";
import type { Received, RoomReplica } from "../log/room-replica.ts";
import { bytesOf } from "./batches.ts";
import { Carriers } from "./carriers.ts";
import { Farewell } from "./farewell.ts";
import { Holdings } from "./holdings.ts";
import { Inbox } from "./inbox.ts";
import { Knowledge } from "./knowledge.ts";
import type { LinkTalk } from "./link-talk.ts";
import { Pulling } from "./pulling.ts";
import { Pushing } from "./pushing.ts";
import { type ReadReceipt, Receipts } from "./receipts.ts";
import { SharedRoom, digestOf, standingOf } from "./shared-room.ts";
import type { PassedOver, RoomSyncPorts } from "./sync-ports.ts";

export type RoomTalkPorts = {
  readonly sync: RoomSyncPorts;
  readonly talks: () => Iterable<LinkTalk>;
  readonly neighbours: () => ReadonlySet<DeviceKey>;
  /** All rooms have their turn to be brought up to date. */
  readonly pull: () => void;
  readonly passedOver: (what: keyof PassedOver) => void;
};

/** Everything that is said about one room, on all links. */
export class RoomTalk {
  readonly replica: RoomReplica;
  readonly #ports: RoomTalkPorts;
  readonly #sharedByTalk = new Map<LinkTalk, SharedRoom>();
  readonly #holdings = new Holdings();
  readonly #knowledge: Knowledge;
  readonly #inbox: Inbox;
  readonly #pulling: Pulling;
  readonly #pushing: Pushing;
  readonly #receipts: Receipts;
  readonly #carriers: Carriers;
  readonly #farewell: Farewell;
  /** They brought entries before which something is missing. */
  readonly #gapsFrom = new Set<SharedRoom>();
  #gapTimer: Timer | undefined;
  #digestTimer: Timer | undefined;

  constructor(replica: RoomReplica, ports: RoomTalkPorts) {
    this.replica = replica;
    this.#ports = ports;
    const { clock, random, self, receiver } = ports.sync;
    const shared = (): Iterable<SharedRoom> => this.#sharedByTalk.values();
    this.#inbox = new Inbox({
      receive: (entries) => replica.receive(entries),
      mayMix: () => this.isSmall,
      received: (outcome, from) => this.#received(outcome, from),
    });
    this.#pulling = new Pulling({
      ...{ clock, random, replica, shared },
      stored: (from) => this.#inbox.settled(from.talk),
      progress: (missing) => receiver.progress(replica.id, missing),
      brokenPromise: () => ports.passedOver("promises"),
      free: () => ports.pull(),
    });
    this.#pushing = new Pushing({
      ...{ replica, shared, holdings: this.#holdings, self: self.device },
      neighbours: () => ports.neighbours(),
    });
    this.#receipts = new Receipts({
      ...{ clock, self, replica, shared, sync: ports.sync },
      changed: (authors) => this.#knowledge.grown(authors),
      passedOver: () => ports.passedOver("receipts"),
    });
    this.#knowledge = new Knowledge({
      ...{ replica, self, receiver, holdings: this.#holdings, receipts: this.#receipts },
      passedOver: () => ports.passedOver("receipts"),
    });
    this.#carriers = new Carriers({ clock, replica, shared, self: self.device });
    this.#farewell = new Farewell(clock);
  }

  /** Everybody may be linked with everybody. */
  get isSmall(): boolean {
    return this.replica.state.memberByAccount.size <= FULL_MESH_MEMBERS_MAX;
  }

  /** Goes on bringing the room up to date, if nobody does and somebody can. */
  pull(): void {
    this.#pulling.start();
  }

  close(): void {
    for (const { acks } of this.#members()) acks.tellRest();
    for (const talk of [...this.#sharedByTalk.keys()]) this.linkClosed(talk);
    for (const part of [this.#pulling, this.#receipts, this.#carriers]) part.stop();
    this.#gapTimer?.cancel();
    this.#digestTimer?.cancel();
  }

  // ---- links and members

  linkOpened(talk: LinkTalk): void {
    this.#look(talk);
    this.#carriers.due();
  }

  linkClosed(talk: LinkTalk): void {
    const shared = this.#sharedByTalk.get(talk);
    if (shared === undefined) return;
    this.#sharedByTalk.delete(talk);
    this.#drop(shared);
    if (!this.isSmall) this.#holdings.forgetAllBut(talk.link, this.#ports.sync.self.device);
  }

  /** The control set, the tracker or an invite says another thing about who belongs here. */
  membersChanged(): void {
    for (const shared of this.#sharedByTalk.values()) shared.settledDigest = undefined;
    for (const talk of this.#ports.talks()) this.#look(talk);
    this.#carriers.due();
    this.#ports.pull();
  }

  #drop(shared: SharedRoom): void {
    shared.stop();
    this.#gapsFrom.delete(shared);
    this.#pulling.closed(shared);
    this.#carriers.closed(shared);
  }

  /** What the account of a link is to this room now; undefined: nothing. */
  #look(talk: LinkTalk): SharedRoom | undefined {
    const known = this.#sharedByTalk.get(talk);
    const standing = standingOf(talk.link.account, this.replica, this.#ports.sync);
    if (standing === "stranger") {
      this.#sharedByTalk.delete(talk);
      if (known !== undefined) this.#drop(known);
      return undefined;
    }
    const shared = known ?? this.#share(talk);
    this.#sharedByTalk.set(talk, shared);
    if (shared.lastStanding !== standing) this.#greet(shared);
    shared.lastStanding = standing;
    return shared;
  }

  #greet(shared: SharedRoom): void {
    const { standing } = shared;
    if (standing === "former") this.#farewell.ask(shared);
    if (standing === "member") this.#receipts.tell(shared, this.#ports.sync.self.device);
    if (!shared.isPeer) return;
    if (shared.isJoining) shared.introduce();
    shared.tellDigest();
    if (shared.owesHeads) shared.answerHeads({ toBareAsk: true });
    shared.owesHeads = false;
    shared.offers.watch();
  }

  #share(talk: LinkTalk): SharedRoom {
    return new SharedRoom(talk, this.replica, this.#ports.sync, {
      theyLag: (shared) => this.#knowledge.theyLag(shared),
      lackUs: (shared) => this.#knowledge.lackUs(shared),
      weLag: (shared) => this.#knowledge.weLag(shared),
      pull: () => this.#ports.pull(),
      caughtUp: () => this.#ports.sync.receiver.caughtUp?.(this.replica.id),
    });
  }

  // ---- what is heard

  heard(talk: LinkTalk, said: Exclude<SyncSays, SyncReceipt>): void {
    const shared = this.#sharedByTalk.get(talk) ?? this.#look(talk);
    if (shared === undefined) return this.#ports.passedOver("strangers");
    const { standing } = shared;
    switch (said.cmd) {
      case "SYNC_DIGEST":
        if (standing === "former") return this.#farewell.ask(shared);
        return this.#digestHeard(shared, said);
      case "SYNC_HEADS":
        if (standing === "former") return this.#headsOfFormer(shared, said);
        return this.#headsHeard(shared, said);
      case "SYNC_WANT":
        return talk.serving.want(said);
      case "SYNC_DONE":
        return void this.#pulling.done(shared, said.more);
      case "STORED":
        return standing === "member" ? this.#storedHeard(shared, said) : this.#ports.passedOver("strangers");
      case "CARRY":
        return standing === "member" ? this.#carryHeard(shared, said) : this.#ports.passedOver("strangers");
    }
  }

  receiptHeard(talk: LinkTalk, read: ReadReceipt): void {
    if (this.#look(talk)?.standing === "member") void this.#receipts.heard(read);
    else this.#ports.passedOver("strangers");
  }

  entriesIn(talk: LinkTalk, entries: readonly WireEntry[]): void {
    const shared = this.#sharedByTalk.get(talk) ?? this.#look(talk);
    if (shared === undefined) return this.#ports.passedOver("strangers");
    this.#inbox.add(talk, entries);
    this.#pulling.arrived(shared, bytesOf(entries));
  }

  #digestHeard(shared: SharedRoom, { control, content }: SyncDigest): void {
    const digest = `${control} ${content}`;
    const isNews = digest !== shared.theirDigest;
    shared.theirDigest = digest;
    if (!shared.isPeer) return;
    if (digest === digestOf(this.replica)) {
      shared.caughtUp(digest);
      this.#knowledge.shown(shared, this.replica.heads());
    }
    shared.answerDigest({ isNews });
    this.#ports.pull();
  }

  #headsHeard(shared: SharedRoom, said: SyncHeads): void {
    if (!shared.isPeer) return;
    this.#knowledge.shown(shared, said.heads);
    if (said.ask) shared.answerHeads({ toBareAsk: said.heads.length === 0 });
    this.#pulling.heads(shared, said);
  }

  /** Who comes back asks before what lets them in again is stored here: they are answered then. */
  #headsOfFormer(shared: SharedRoom, said: SyncHeads): void {
    if (said.ask) shared.owesHeads = true;
    this.#farewell.heads(shared, said);
  }

  #storedHeard(shared: SharedRoom, { heads }: SyncStored): void {
    this.#knowledge.stored(shared, heads);
    if (this.#knowledge.weLag(shared)) shared.chases.watch();
  }

  #carryHeard(shared: SharedRoom, { devices }: SyncCarry): void {
    shared.carriesFor = new Set(devices.filter((device) => this.#knowledge.isOfRoom(device)));
    for (const device of shared.carriesFor) this.#receipts.tell(shared, device);
  }

  // ---- what became durable

  /** Of this device. */
  appended(entries: readonly StoredEntry[]): void {
    this.#pushing.written(entries);
    const { device } = this.#ports.sync.self;
    if (!this.isSmall) for (const { acks } of this.#members()) acks.stored([device], "now-and-then");
    this.#grown();
    if (!entries.some(({ chain }) => chain === "control")) return;
    this.membersChanged();
    // A `join` goes to those of whom the log does not say yet that they are members.
    for (const shared of this.#sharedByTalk.values()) if (shared.isPeer && shared.isJoining) this.#greet(shared);
  }

  #received(outcome: Outcome<Received>, from: readonly LinkTalk[]): void {
    const sources = from.map((talk) => this.#sharedByTalk.get(talk)).filter((shared) => shared !== undefined);
    if (!outcome.ok) return this.#storingFailed(sources);
    const received = outcome.value;
    if (received.stored.length > 0) this.#stored(received.stored, sources);
    if (received.stateChanged) this.membersChanged();
    this.#watchGaps(received, sources);
    this.#ports.sync.receiver.received(this.replica.id, received);
  }

  #stored(entries: readonly StoredEntry[], sources: readonly SharedRoom[]): void {
    const authors = new Set(entries.map(({ author }) => author));
    const [only] = sources;
    if (only !== undefined && sources.length === 1) this.#knowledge.sent(only, entries);
    for (const source of sources) source.feedsUs = true;
    for (const shared of this.#members()) {
      const isWaiting = sources.includes(shared) || authors.has(shared.link.device);
      shared.acks.stored(authors, isWaiting ? "at-once" : "now-and-then");
      shared.chases.progressed();
    }
    this.#pushing.passOn(
      entries,
      sources.map(({ talk }) => talk),
    );
    this.#grown();
    if (authors.has(this.#ports.sync.self.device)) this.#knowledge.ownCameBack(this.#members());
  }

  /** There is more here than before, which others may lack. */
  #grown(): void {
    this.#receipts.due();
    for (const { offers } of this.#members()) offers.watch();
    // Numbers do not tell two branches of a forked chain apart: now and then everybody compares hashes.
    const { clock, random } = this.#ports.sync;
    this.#digestTimer ??= clock.after(SYNC_DIGEST_INTERVAL_MS * (0.5 + random.fraction()), () => {
      this.#digestTimer = undefined;
      for (const shared of this.#members()) if (shared.hasDigestToTell) shared.tellDigest();
    });
  }

  #storingFailed(sources: readonly SharedRoom[]): void {
    this.#pulling.storingFailed();
    for (const shared of sources) {
      shared.mustAsk = true;
      shared.failed();
    }
    this.#ports.pull();
  }

  /** A batch that goes on in the next frame is no gap, so there is a moment's grace. */
  #watchGaps({ pending, stored }: Received, sources: readonly SharedRoom[]): void {
    if (pending === 0 && stored.length > 0) this.#gapsFrom.clear();
    if (pending === 0) return;
    for (const source of sources) this.#gapsFrom.add(source);
    this.#gapTimer ??= this.#ports.sync.clock.after(SYNC_GAP_WAIT_MS, () => {
      this.#gapTimer = undefined;
      for (const source of this.#gapsFrom) source.askForGap();
      this.#gapsFrom.clear();
      this.#ports.pull();
    });
  }

  get knowledge(): Pick<Knowledge, "storedBy" | "readBy"> {
    return this.#knowledge;
  }

  /** Everything that linked members have shown to have is here; where there are others, somebody has to be linked. */
  get isCaughtUp(): boolean {
    const members = this.#members();
    const isAlone = this.replica.state.memberByAccount.size <= 1;
    return (isAlone || members.length > 0) && members.every((one) => one.isSettled && !this.#knowledge.weLag(one));
  }

  #members(): readonly SharedRoom[] {
    return [...this.#sharedByTalk.values()].filter((shared) => shared.standing === "member");
  }

  /** The user has read further, or tells it from now on, or no more. */
  read(): void {
    this.#receipts.due();
  }
}
