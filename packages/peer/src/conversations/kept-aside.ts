import type { Username } from "@papo/protocol";
import { EARLY_BYTES_MAX, EARLY_MESSAGES_MAX, QUARANTINED_BYTES_MAX, QUARANTINED_MESSAGES_MAX } from "@papo/protocol";
import type { Heard, PeerLink } from "../mesh/peer-link.ts";

export type HeardMessage = Extract<Heard, { kind: "message" }>;
type Kept = { readonly link: PeerLink; readonly message: HeardMessage };

/**
 * Messages that are not shown yet, nor confirmed: of a link whose account we do not see in the room yet, and of a name
 * whose key changed. What does not fit is left to its sender, who sends it again over the next link.
 */
export class KeptAside {
  readonly #earlyByLink = new Map<PeerLink, HeardMessage[]>();
  readonly #quarantinedByName = new Map<Username, Kept[]>();

  early(link: PeerLink, message: HeardMessage): void {
    const messages = this.#earlyByLink.get(link) ?? [];
    const fits = bytesOf(messages) + bytesOf([message]) <= EARLY_BYTES_MAX;
    if (fits && messages.length < EARLY_MESSAGES_MAX) messages.push(message);
    this.#earlyByLink.set(link, messages);
  }

  /** All that came early; whoever takes them puts back what still is. */
  takeEarly(): readonly Kept[] {
    const kept = [...this.#earlyByLink].flatMap(([link, messages]) => messages.map((message) => ({ link, message })));
    this.#earlyByLink.clear();
    return kept;
  }

  quarantine(link: PeerLink, message: HeardMessage): void {
    const { username } = link.party;
    const kept = this.#quarantinedByName.get(username) ?? [];
    const all = [...this.#quarantinedByName.values()].flat();
    const fits = bytesOf(all.map((one) => one.message)) + bytesOf([message]) <= QUARANTINED_BYTES_MAX;
    if (fits && kept.length < QUARANTINED_MESSAGES_MAX) kept.push({ link, message });
    this.#quarantinedByName.set(username, kept);
  }

  takeQuarantined(username: Username): readonly Kept[] {
    const kept = this.#quarantinedByName.get(username) ?? [];
    this.#quarantinedByName.delete(username);
    return kept;
  }

  linkEnded(link: PeerLink): void {
    this.#earlyByLink.delete(link);
  }
}

/** Of their texts, as UTF-16 holds them in memory at most. */
function bytesOf(messages: readonly HeardMessage[]): number {
  return messages.reduce((sum, { content }) => sum + 2 * content.length, 0);
}
