import type { SendResult } from "@papo/link";
import type {
  AccountKey,
  DeviceKey,
  PeerMessage,
  PrivateLost,
  PrivateRead,
  PrivateRefused,
  PrivateWant,
  Received,
  Username,
} from "@papo/protocol";

/** What two devices say to each other about the private chat of their accounts. docs/protocol/private-chats.md */
export type PrivateSays = PeerMessage | Received | PrivateWant | PrivateLost | PrivateRefused | PrivateRead;

/** A link with a device of another account whose key is the one that we know for its name. What is said on it arrives in order, or not at all. */
export interface PrivateLink {
  readonly account: AccountKey;
  readonly device: DeviceKey;
  readonly party: { readonly username: Username };
  readonly isOpen: boolean;
  tellPrivate(said: PrivateSays): SendResult;
}
