import {
  type ChannelSecurity,
  type Clock,
  type KeepAlive,
  type Link,
  type LinkEnds,
  type LinkMessage,
  type LinkReceiver,
  type SendResult,
  keepAlive,
} from "@papo/link";
import {
  type AccountKey,
  type Bye,
  type DeviceKey,
  type Fault,
  type FaultCode,
  FRAME_KIND,
  type PeerAddresses,
  type PeerStatus,
  REPLACED_LINK_PING_MS,
  ROOM_LOG_FEATURE,
  type SignedText,
  decodeEntryBatch,
  decodePeer,
  fault,
} from "@papo/protocol";
import type { LinkPath, LinkReport } from "../api.ts";
import type { PrivateLink, PrivateSays } from "../conversations/private/private-link.ts";
import type { Introduction } from "../identity/introduction.ts";
import { type Heard, type Party, type PeerLink, type PeerLinkReceiver, type Saying, programKey } from "./peer-link.ts";
import { PapoSyncLink } from "./sync-link.ts";

/** A verified link to a device with keys. docs/protocol/peer.md */
export class PapoPeerLink implements PeerLink, PrivateLink, LinkReceiver {
  readonly key: string;
  readonly party: Party;
  readonly statement: SignedText;
  readonly account: AccountKey;
  readonly device: DeviceKey;
  readonly security: ChannelSecurity | undefined;
  readonly ends: LinkEnds;
  readonly confirms = true;
  readonly features: readonly string[];
  readonly roomLog: PapoSyncLink | undefined;
  readonly dialledByUs: boolean;
  readonly verifiedAtMs: number;
  readonly path: LinkPath;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #openedAtMs: number;
  #receiver: PeerLinkReceiver | undefined;
  #kept: KeepAlive | undefined;
  #goodbye: Fault | undefined;

  constructor(
    link: Link,
    { username, account, device, features, statement }: Introduction,
    how: { readonly clock: Clock; readonly dialledByUs: boolean; readonly path: LinkPath },
  ) {
    this.key = programKey(account, device);
    this.party = { username, account, device };
    this.statement = statement.signed;
    this.account = account;
    this.device = device;
    this.security = link.security;
    this.ends = link.ends;
    this.features = features;
    this.roomLog = features.includes(ROOM_LOG_FEATURE) ? new PapoSyncLink(link, { account, device }) : undefined;
    this.dialledByUs = how.dialledByUs;
    this.verifiedAtMs = how.clock.monotonicMs();
    this.path = how.path;
    this.#link = link;
    this.#clock = how.clock;
    this.#openedAtMs = how.clock.wallMs();
  }

  get privateChat(): PrivateLink {
    return this;
  }

  get isOpen(): boolean {
    return !this.#link.isClosed;
  }

  start(receiver: PeerLinkReceiver): void {
    this.#receiver = receiver;
    this.#kept = keepAlive(this.#link, this.#clock, this);
    this.#link.start(this.#kept);
    this.#link.resumeReading();
  }

  say(saying: Saying): SendResult {
    switch (saying.kind) {
      case "message": {
        const { id, room, content, sent } = saying;
        return this.#link.sendJson({ cmd: "MESSAGE", id, room: room?.id ?? null, content, sent });
      }
      case "received":
        return this.#link.sendJson({ cmd: "RECEIVED", id: saying.id });
      case "leave":
        return this.#link.sendJson({ cmd: "LEAVE", room: saying.room?.id ?? null });
      case "status":
        return this.#link.sendJson({ cmd: "STATUS", away: saying.away } satisfies PeerStatus);
    }
  }

  tellAddresses(records: PeerAddresses["records"]): void {
    this.#link.sendJson({ cmd: "ADDRESSES", records } satisfies PeerAddresses);
  }

  tellPrivate(said: PrivateSays): SendResult {
    return this.#link.sendJson(said);
  }

  answers(): Promise<boolean> {
    return this.#kept?.answers(REPLACED_LINK_PING_MS) ?? Promise.resolve(false);
  }

  bye(code: FaultCode): void {
    this.#link.sendJson({ cmd: "BYE", code } satisfies Bye);
    void this.#link.close(fault(code, "said goodbye"));
  }

  destroy(reason: Fault): void {
    this.#link.destroy(reason);
  }

  report(): LinkReport {
    const { party, security, dialledByUs, path } = this;
    const group = security?.group ?? null;
    return {
      username: party.username,
      device: party.device,
      encrypted: security !== undefined,
      group,
      path,
      dialledByUs,
      openedAtMs: this.#openedAtMs,
    };
  }

  // ---- LinkReceiver, behind the keep-alive

  message({ kind, payload }: LinkMessage): void {
    if (this.#goodbye !== undefined) return;
    if (kind === FRAME_KIND.entries) return this.#entriesIn(payload);
    if (kind !== FRAME_KIND.json) return;
    const decoded = decodePeer(payload);
    // A command of a newer Papo is passed over; anything else that cannot be read is a broken or hostile program.
    if (!decoded.ok) return decoded.fault.code === "unknown_command" ? undefined : this.bye(decoded.fault.code);
    const said = decoded.value;

    switch (said.cmd) {
      case "MESSAGE":
        if (said.room === null) return this.#receiver?.heard(this, { kind: "private", said });
        return this.#receiver?.heard(this, { kind: "message", id: said.id, room: said.room, content: said.content });
      case "RECEIVED":
        this.#receiver?.heard(this, { kind: "private", said });
        return this.#receiver?.heard(this, { kind: "received", id: said.id });
      case "PRIVATE_WANT":
      case "PRIVATE_LOST":
      case "PRIVATE_REFUSED":
      case "PRIVATE_READ":
        return this.#receiver?.heard(this, { kind: "private", said });
      case "LEAVE":
        return this.#receiver?.heard(this, { kind: "leave", room: said.room });
      case "STATUS":
        return this.#receiver?.heard(this, { kind: "status", away: said.away });
      case "SYNC_DIGEST":
      case "SYNC_HEADS":
      case "SYNC_WANT":
      case "SYNC_DONE":
      case "STORED":
      case "RECEIPT":
      case "CARRY":
        return this.#roomLogIn({ kind: "sync", said });
      case "USE_INVITE":
      case "INVITE_ANSWER":
        return this.#roomLogIn({ kind: "invite", said });
      case "BYE":
        this.#goodbye = goodbyeOf(said);
        void this.#link.close(this.#goodbye);
        return;
      case "ADDRESSES":
        return this.#receiver?.heard(this, { kind: "addresses", said });
      case "HELLO":
        return this.bye("invalid_message");
      case "PING":
      case "PONG":
        return;
    }
  }

  /** On a link whose other side does not list the feature, they are frames of a kind that is not known. */
  #entriesIn(payload: Uint8Array): void {
    if (this.roomLog === undefined) return;
    const decoded = decodeEntryBatch(payload);
    if (!decoded.ok) return this.bye(decoded.fault.code);
    this.#roomLogIn({ kind: "entries", batch: decoded.value });
  }

  #roomLogIn(heard: Heard): void {
    if (this.roomLog !== undefined) this.#receiver?.heard(this, heard);
  }

  closed(reason: Fault): void {
    this.#receiver?.closed(this, this.#goodbye ?? reason);
  }
}

function goodbyeOf({ code, proof }: Bye): Fault {
  const reason = fault(code, "the other side said goodbye");
  return proof === undefined ? reason : { ...reason, proof };
}
