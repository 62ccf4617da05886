import { type Clock, type Random, signText } from "@papo/link";
import {
  type AccountKey,
  type DeviceKey,
  type Fault,
  type Outcome,
  type RoomId,
  SIGNATURE_CONTEXTS,
  type TrackerAddress,
  type TrackerKey,
  type Username,
  fault,
} from "@papo/protocol";
import type { Message, PeerEvent } from "./api.ts";
import type { InviteChannel } from "./conversations/kept/kept-ports.ts";
import { KeptRooms } from "./conversations/kept/kept-rooms.ts";
import { ReplicaShelf } from "./conversations/log/replica-shelf.ts";
import { KeptPrivateChats } from "./conversations/private/kept-private-chats.ts";
import { RoomSync } from "./conversations/sync/room-sync.ts";
import type { EpochStore } from "./identity/epochs.ts";
import type { OwnAccount } from "./identity/own-account.ts";
import { KeptReading } from "./kept-reading.ts";
import { KnownPeople, type KnownPeoplePorts } from "./known-people.ts";
import { LastSeen } from "./last-seen.ts";
import type { Heard, PeerLink } from "./mesh/peer-link.ts";
import { Preferences } from "./preferences.ts";
import type { History } from "./storage/history/history.ts";
import type { AskLine, EnteredRoom, LoggedIn } from "./tracker-session/tracker-line.ts";
import type { RoomView } from "./tracker-session/room-view.ts";

export type KeptAccountPorts = Omit<KnownPeoplePorts, "seen"> & {
  readonly clock: Clock;
  readonly random: Random;
  readonly history: History;
  readonly settings: EpochStore;
  /** As it is now; its keys stay as they are. */
  readonly own: () => OwnAccount;
  readonly trackerKey: TrackerKey | null;
  readonly trackerAddress: () => TrackerAddress;
  readonly withLine: AskLine;
  readonly view: (room: RoomId) => RoomView | undefined;
  /** Whether there is a tracker to say who is there. */
  readonly isTold: () => boolean;
  /** The tracker's list of this room is followed from here on. */
  readonly follow: (page: EnteredRoom) => void;
  readonly contactsChanged: () => void;
  /** Somebody shares a room with us who did not. */
  readonly acquainted: () => void;
  /** By the tracker's word, a member of a plain room of ours. */
  readonly isInPlainRoom: (account: AccountKey) => boolean;
  /** This device is about twice, and its account has revoked it: nothing more may be written under its key. */
  readonly copied: (reason: Fault) => void;
  readonly emit: (event: PeerEvent) => void;
};

/**
 * What an account keeps, and what spreads it: the logs of its rooms, its private chats, and the links over which both are brought together with
 * others'. `live-account.ts` wires it, and `talk.ts` tells it what happens on links and in rooms.
 */
export class KeptAccount {
  readonly rooms: KeptRooms;
  readonly privateChats: KeptPrivateChats;
  readonly people: KnownPeople;
  readonly reading: KeptReading;
  readonly preferences: Preferences;
  readonly #ports: KeptAccountPorts;
  readonly #seen: LastSeen;
  readonly #sync: RoomSync;
  /** Links still end, and commits under way still settle; nobody looks any more, and the store may be closed. */
  #isStopped = false;

  constructor(ports: KeptAccountPorts) {
    this.#ports = ports;
    this.preferences = new Preferences({ ...ports, self: ports.own().username });
    this.#seen = new LastSeen(ports.clock, ports.settings);
    this.people = new KnownPeople({ ...ports, seen: this.#seen });
    this.#sync = this.#createSync();
    this.rooms = this.#createRooms();
    this.privateChats = this.#createPrivateChats();
    const { rooms, privateChats, people } = this;
    this.reading = new KeptReading({ history: ports.history, rooms, privateChats, people });
  }

  // ---- the parts, and what each needs of the others

  #createSync(): RoomSync {
    const { clock, random, history, own } = this.#ports;
    const { root, device } = own().keys;
    return new RoomSync({
      ...{ clock, random },
      self: { account: root.publicKey, device: device.publicKey },
      replica: (id) => this.rooms.replica(id),
      rooms: () => this.rooms.roomIds(),
      isExpected: (id, account) => this.rooms.isExpected(id, account),
      ownControl: (id) => this.rooms.ownControl(id),
      signReceipt: (receipt) => signText(device, SIGNATURE_CONTEXTS.receipt, JSON.stringify(receipt)),
      receipts: (id) => history.receipts(id),
      keepReceipt: (receipt) => history.commit([{ kind: "put-receipt", receipt }]),
      readUpTo: (id) => this.rooms.readUpTo(id),
      receiver: {
        received: (id, received) => this.#unlessStopped(() => this.rooms.received(id, received)),
        progress: (id, missing) => this.#unlessStopped(() => this.rooms.progress(id, missing)),
        delivery: (id, author) => this.#unlessStopped(() => this.rooms.delivery(id, author)),
        caughtUp: (id) => this.#unlessStopped(() => this.rooms.caughtUp(id)),
      },
    });
  }

  #createRooms(): KeptRooms {
    const { clock, random, history, own, trackerKey, trackerAddress, withLine, view, isTold, follow } = this.#ports;
    const { contactsChanged, emit, copied } = this.#ports;
    const { root, device } = own().keys;
    const replicas = new ReplicaShelf({ history, clock, account: root.publicKey, device });
    return new KeptRooms({
      ...{ clock, random, history, replicas, own, trackerKey, trackerAddress, view, isTold, contactsChanged, emit },
      spread: this.#sync,
      revoked: (statement) => {
        const reason = fault("statement_stale", "statement: expected one that is not revoked");
        this.#unlessStopped(() => copied({ ...reason, statement }));
      },
      people: this.people,
      ignored: () => this.preferences.ignored,
      acquainted: (account) => this.acquainted(account),
      ask: (ask) => withLine(ask),
      entered: (page) => follow(page),
      channelsTo: (account) => this.people.linksTo(account).flatMap((link) => channelOf(link) ?? []),
    });
  }

  #createPrivateChats(): KeptPrivateChats {
    const { clock, history, own, emit, isTrusted, links } = this.#ports;
    const { username, keys } = own();
    return new KeptPrivateChats({
      ...{ clock, history, emit },
      self: { username, account: keys.root.publicKey, device: keys.device.publicKey },
      linksTo: (account) => this.people.linksTo(account).flatMap((link) => link.privateChat ?? []),
      isTrusted: (chat) => links().some((link) => link.privateChat === chat && isTrusted(link)),
      devicesOf: (account) => this.people.devicesOf(account),
      isAcquainted: (account) => this.#sharesRoomWith(account),
      whyHeld: (name, account) => this.people.whyHeld(name, account),
      tellsRead: () => this.rooms.tellsRead,
      isIgnored: (name) => this.preferences.isIgnored(name),
      contactOpened: () => this.#unlessStopped(() => this.#ports.contactsChanged()),
    });
  }

  #sharesRoomWith(account: AccountKey): boolean {
    if (this.#ports.isInPlainRoom(account)) return true;
    return this.rooms.roomIds().some((id) => {
      const state = this.rooms.replica(id)?.state;
      return state?.memberByAccount.has(account) === true && state.memberByAccount.has(this.#account);
    });
  }

  get #account(): AccountKey {
    return this.#ports.own().keys.root.publicKey;
  }

  // ---- life

  /** Before anything is asked or told. */
  async start(): Promise<void> {
    await this.rooms.start();
    await this.privateChats.start();
  }

  stop(): void {
    this.#isStopped = true;
    this.rooms.stop();
    this.privateChats.stop();
    this.#sync.close();
  }

  #unlessStopped(act: () => void): void {
    if (!this.#isStopped) act();
  }

  /** The tracker has taken our statement, now or before: from here on it may stand in logs. */
  known(): void {
    this.#unlessStopped(() => this.rooms.known());
  }

  /** A session with the tracker began. */
  online({ rooms }: LoggedIn): void {
    this.rooms.online(rooms.map(({ id }) => id));
  }

  /** The tracker's list of who is in a room is another one. */
  viewChanged(id: RoomId): void {
    this.#unlessStopped(() => this.rooms.viewChanged(id));
  }

  /** Whom to link with of those who are there in a room; undefined: everybody. */
  neighbours(id: RoomId, online: readonly DeviceKey[]): ReadonlySet<DeviceKey> | undefined {
    return this.#sync.neighbours(id, online);
  }

  // ---- links

  linkOpened(link: PeerLink): void {
    const { account } = link.party;
    if (this.#isStopped || account === null || !this.#ports.isTrusted(link)) return;
    if (this.#seen.note(account) === "first") this.rooms.peopleChanged();
    if (link.roomLog !== undefined) this.#sync.linkOpened(link.roomLog);
    if (link.privateChat !== undefined) this.privateChats.linkOpened(link.privateChat);
    const channel = channelOf(link);
    if (channel !== undefined) this.rooms.linked(channel);
  }

  linkClosed(link: PeerLink): void {
    if (this.#isStopped) return;
    const { account } = link.party;
    if (account !== null) this.#seen.note(account);
    if (link.roomLog !== undefined) this.#sync.linkClosed(link.roomLog);
    if (link.privateChat !== undefined) this.privateChats.linkClosed(link.privateChat);
  }

  /** What an unbelieved key says is not taken, and stays with whoever says it. */
  heard(link: PeerLink, heard: Heard): void {
    if (this.#isStopped || !this.#ports.isTrusted(link)) return;
    if (heard.kind === "private" && link.privateChat !== undefined)
      return this.privateChats.heard(link.privateChat, heard.said);
    if (link.roomLog === undefined) return;
    if (heard.kind === "sync") this.#sync.heard(link.roomLog, heard.said);
    else if (heard.kind === "entries") this.#sync.heardEntries(link.roomLog, heard.batch);
    else if (heard.kind === "invite") {
      const channel = channelOf(link);
      if (channel !== undefined) void this.rooms.heardInvite(channel, heard.said);
    }
  }

  reachChanged(username: Username): void {
    if (this.#isStopped) return;
    this.rooms.reachChanged();
    const account = this.people.accountOf(username);
    if (account !== undefined) this.privateChats.reachChanged(account);
  }

  // ---- keys

  /** Another key counts for this name, or the user has refused one. */
  peopleChanged(username: Username, { accepted }: { readonly accepted: boolean }): void {
    this.rooms.peopleChanged();
    const account = this.people.accountOf(username);
    if (account === undefined) return;
    this.privateChats.devicesChanged(account);
    if (!accepted) return;
    this.privateChats.keyAccepted(account);
    for (const link of this.people.linksTo(account)) this.linkOpened(link);
  }

  /** They share a room with us now. */
  acquainted(account: AccountKey): void {
    this.#unlessStopped(() => {
      void this.privateChats.acquainted(account);
      this.#ports.acquainted();
    });
  }

  /** They have another device, or one less: what is written to them is for those that they have now. */
  devicesChanged(account: AccountKey): void {
    this.#unlessStopped(() => this.privateChats.devicesChanged(account));
  }

  // ---- private

  async sendPrivate(username: Username, text: string): Promise<Outcome<Message> | undefined> {
    const account = this.people.accountOf(username);
    return account === undefined ? undefined : this.privateChats.send({ username, account }, text);
  }
}

/** Where both sides keep rooms in logs. */
function channelOf({ party, roomLog, statement }: PeerLink): InviteChannel | undefined {
  const { username, account } = party;
  if (roomLog === undefined || account === null || statement === undefined) return undefined;
  return { party: { username, account, statement }, say: (said) => void roomLog.say(said) };
}
