import type { ChannelSecurity, LinkEnds, SendResult } from "@papo/link";
import type {
  AccountKey,
  DeviceKey,
  EntryBatch,
  Fault,
  FaultCode,
  InviteAnswer,
  MessageId,
  PeerAddresses,
  RoomId,
  RoomName,
  SignedText,
  SyncSays,
  UseInvite,
  Username,
} from "@papo/protocol";
import type { LinkReport } from "../api.ts";
import type { PrivateLink, PrivateSays } from "../conversations/private/private-link.ts";
import type { LinkFacts } from "./link-choice.ts";
import type { PapoSyncLink } from "./sync-link.ts";

/** Who is at the other end, as far as it was proven. Null keys: a seed program, which only says a name. */
export type Party = {
  readonly username: Username;
  readonly account: AccountKey | null;
  readonly device: DeviceKey | null;
};

/**
 * One program of one account. The device key alone would not do: the channel proves the account and the TLS key that the
 * account lists, and an account may list any device key beside it, somebody else's too.
 */
export function programKey(account: AccountKey, device: DeviceKey): string {
  return `${account} ${device}`;
}

/** A room as both dialects name it. */
export type RoomReference = { readonly id: RoomId; readonly name: RoomName };

export type Saying =
  | {
      readonly kind: "message";
      readonly id: MessageId;
      readonly room: RoomReference | null;
      readonly content: string;
      readonly sent: string;
    }
  | { readonly kind: "received"; readonly id: MessageId }
  | { readonly kind: "leave"; readonly room: RoomReference | null }
  /** Null: this user is here. */
  | { readonly kind: "status"; readonly away: string | null };

export type Heard =
  | { readonly kind: "message"; readonly id: MessageId; readonly room: RoomId | null; readonly content: string }
  | { readonly kind: "received"; readonly id: MessageId }
  | { readonly kind: "leave"; readonly room: RoomId | null }
  | { readonly kind: "status"; readonly away: string | null }
  // Only on links with `privateChat`: its messages and what is said about them. A RECEIVED comes both ways: only who sent it knows which it is.
  | { readonly kind: "private"; readonly said: PrivateSays }
  // Only on links with `roomLog`.
  | { readonly kind: "sync"; readonly said: SyncSays }
  | { readonly kind: "entries"; readonly batch: EntryBatch }
  | { readonly kind: "invite"; readonly said: UseInvite | InviteAnswer }
  | { readonly kind: "addresses"; readonly said: PeerAddresses };

export interface PeerLinkReceiver {
  heard(link: PeerLink, heard: Heard): void;
  /** Once, last. `lost` unless the other side said goodbye or we closed it. */
  closed(link: PeerLink, reason: Fault): void;
}

/** A link on which both sides know with whom they talk, in either dialect: `papo-peer-link.ts`, `seed-peer-link.ts`. */
export interface PeerLink extends LinkFacts {
  /** Equal for links with the same program: `programKey`, or its name where there are no keys. */
  readonly key: string;
  readonly party: Party;
  /** The account's statement as it came with the HELLO. */
  readonly statement: SignedText | undefined;
  readonly security: ChannelSecurity | undefined;
  /** Of a link through a relay the far end is the relay. */
  readonly ends: LinkEnds;
  readonly isOpen: boolean;
  /** Whether the other side confirms messages. */
  readonly confirms: boolean;
  /** Optional parts of the language that both sides speak; none in the seed dialect. */
  readonly features: readonly string[];
  /** With a device of an account that has a key: what is said in private is kept. */
  readonly privateChat: PrivateLink | undefined;
  /** Where both sides keep rooms in logs. */
  readonly roomLog: PapoSyncLink | undefined;
  start(receiver: PeerLinkReceiver): void;
  say(saying: Saying): SendResult;
  /** Where devices can be dialled. Originals have no word for it. */
  tellAddresses(records: PeerAddresses["records"]): void;
  /** Whether it still answers, within REPLACED_LINK_PING_MS. What was sent to us before the answer has then arrived. */
  answers(): Promise<boolean>;
  /** Says why, then closes. */
  bye(code: FaultCode): void;
  destroy(reason: Fault): void;
  report(): LinkReport;
}
