import {
  type ChannelSecurity,
  type Clock,
  type Link,
  type LinkEnds,
  type LinkMessage,
  type LinkReceiver,
  type Random,
  type SendResult,
  encodeSeedJson,
} from "@papo/link";
import {
  type Fault,
  type FaultCode,
  MISTAKES_MAX,
  SEED_ANSWER_BYTES_MAX,
  type RoomId,
  type RoomName,
  type Username,
  decodeSeedPeer,
  fault,
} from "@papo/protocol";
import type { LinkReport } from "../api.ts";
import { newMessageId } from "../conversations/message-id.ts";
import type { Party, PeerLink, PeerLinkReceiver, Saying } from "./peer-link.ts";
import { seedPieces } from "./seed-pieces.ts";

export type SeedLinkPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly self: Username;
  /** The plain room of that name of which we are a member. */
  readonly plainRoom: (name: RoomName) => RoomId | undefined;
};

/** A link to an original program: readable on the way, and the name is only what it says. docs/protocol/seed.md §5 */
export class SeedPeerLink implements PeerLink, LinkReceiver {
  readonly key: string;
  readonly party: Party;
  readonly security: ChannelSecurity | undefined = undefined;
  readonly ends: LinkEnds;
  readonly confirms = false;
  readonly features: readonly string[] = [];
  readonly statement = undefined;
  readonly privateChat = undefined;
  readonly roomLog = undefined;
  readonly path = "direct" as const;
  readonly dialledByUs: boolean;
  readonly verifiedAtMs: number;
  readonly #link: Link;
  readonly #ports: SeedLinkPorts;
  readonly #openedAtMs: number;
  #receiver: PeerLinkReceiver | undefined;
  #mistakes = 0;

  constructor(link: Link, username: Username, how: SeedLinkPorts & { readonly dialledByUs: boolean }) {
    this.key = `seed:${username}`;
    this.party = { username, account: null, device: null };
    this.dialledByUs = how.dialledByUs;
    this.verifiedAtMs = how.clock.monotonicMs();
    this.ends = link.ends;
    this.#link = link;
    this.#ports = how;
    this.#openedAtMs = how.clock.wallMs();
  }

  get isOpen(): boolean {
    return !this.#link.isClosed;
  }

  tellAddresses(): void {
    // Originals ask the tracker.
  }

  start(receiver: PeerLinkReceiver): void {
    this.#receiver = receiver;
    this.#link.start(this);
    this.#link.resumeReading();
  }

  say(saying: Saying): SendResult {
    switch (saying.kind) {
      case "message":
        return this.#sayText(saying.room?.name ?? null, saying.content);
      case "received":
      case "status":
        return "sent"; // There are no words for them in this dialect.
      case "leave": {
        const sent = this.#link.sendJson({ cmd: "LEAVE", room: saying.room?.name ?? null });
        void this.#link.close(fault("closed", "we left"));
        return sent;
      }
    }
  }

  #sayText(room: RoomName | null, text: string): SendResult {
    const frame = { cmd: "MESSAGE", room, username: this.#ports.self, content: "" };
    const left = SEED_ANSWER_BYTES_MAX - encodeSeedJson(frame).length;
    let sent: SendResult = "sent";
    for (const content of seedPieces(text, left)) {
      sent = this.#link.sendJson({ ...frame, content });
      if (sent === "closed") break;
    }
    return sent;
  }

  /** An original program answers PING only as the first object, so nothing can be asked. */
  answers(): Promise<boolean> {
    return Promise.resolve(false);
  }

  bye(code: FaultCode): void {
    if (code === "closed") this.#link.sendJson({ cmd: "LEAVE", room: null });
    void this.#link.close(fault(code, "closed by us"));
  }

  destroy(reason: Fault): void {
    this.#link.destroy(reason);
  }

  report(): LinkReport {
    const { party, dialledByUs, path } = this;
    return {
      username: party.username,
      device: null,
      encrypted: false,
      group: null,
      path,
      dialledByUs,
      openedAtMs: this.#openedAtMs,
    };
  }

  // ---- LinkReceiver

  message({ payload }: LinkMessage): void {
    const decoded = decodeSeedPeer(payload);
    if (!decoded.ok) return this.mistake();
    const said = decoded.value;
    // Whatever name a MESSAGE carries, it is of the program that said HELLO here.
    if (said.cmd === "MESSAGE") return this.#messageIn(said.room, said.content);
    if (said.cmd !== "LEAVE") return;
    this.#receiver?.heard(this, {
      kind: "leave",
      room: said.room === null ? null : (this.#ports.plainRoom(said.room) ?? null),
    });
    void this.#link.close(fault("closed", "the other side left"));
  }

  mistake(): void {
    this.#mistakes += 1;
    if (this.#mistakes >= MISTAKES_MAX) void this.#link.close(fault("invalid_message", `${MISTAKES_MAX} mistakes`));
  }

  closed(reason: Fault): void {
    this.#receiver?.closed(this, reason);
  }

  #messageIn(name: RoomName | null, content: string): void {
    const room = name === null ? null : this.#ports.plainRoom(name);
    if (room === undefined || content === "") return; // P26: only plain rooms are spoken in here.
    const id = newMessageId(this.#ports.random);
    this.#receiver?.heard(this, { kind: "message", id, room, content });
  }
}
