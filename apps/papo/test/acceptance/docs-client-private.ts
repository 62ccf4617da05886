import { createHash } from "node:crypto";
import type { Frames, Json, Party } from "./docs-client-wire.ts";

// A second implementation, part four: a private chat, from docs/protocol/private-chats.md alone. One device on each side.

type Message = { readonly id: string; readonly seq: number; readonly prev: string | null; readonly content: string };

const SENT = "2026-11-20T12:00:00.000Z";

/** §2: between each two texts one zero byte. */
function privateId(author: Party, reader: string, { seq, prev, content, sent }: Json): string {
  const parts = ["papo/private/1", author.account, author.device, reader, seq, prev ?? "", sent, "", content];
  return createHash("sha256").update(parts.map(String).join("\0")).digest().subarray(0, 16).toString("base64url");
}

export class DocsChat {
  readonly #self: Party;
  readonly #other: Party;
  readonly #written: Message[] = [];
  readonly #heard: Message[] = [];
  #link: Frames | undefined;
  #confirmed = 0;

  constructor(self: Party, other: Party) {
    this.#self = self;
    this.#other = other;
  }

  get heard(): readonly string[] {
    return this.#heard.map(({ content }) => content);
  }

  get isConfirmed(): boolean {
    return this.#confirmed === this.#written.length;
  }

  say(content: string): void {
    const seq = this.#written.length + 1;
    const prev = this.#written.at(-1)?.id ?? null;
    const id = privateId(this.#self, this.#other.account, { seq, prev, content, sent: SENT });
    this.#written.push({ id, seq, prev, content });
    if (this.#link !== undefined) this.#sendAfter(this.#link, seq - 1);
  }

  /** §3: on a new link everything that is not confirmed, and nothing new on older ones. */
  opened(link: Frames): void {
    this.#link = link;
    this.#sendAfter(link, this.#confirmed);
  }

  #sendAfter(link: Frames, after: number): void {
    for (const message of this.#written.slice(after)) link.send({ cmd: "MESSAGE", room: null, sent: SENT, ...message });
  }

  said(link: Frames, message: Json): void {
    const seq = Number(message["seq"]);
    switch (message["cmd"]) {
      case "MESSAGE":
        return this.#messageHeard(link, message);
      case "RECEIVED":
        if (this.#written[seq - 1]?.id === message["id"]) this.#confirmed = Math.max(this.#confirmed, seq);
        return;
      case "PRIVATE_WANT":
        return this.#sendAfter(link, Number(message["after"]));
    }
  }

  /** §4 */
  #messageHeard(link: Frames, message: Json): void {
    const { id, content } = message;
    const seq = Number(message["seq"]);
    const last = this.#heard.length;
    if (privateId(this.#other, this.#self.account, message) !== id)
      return link.send({ cmd: "PRIVATE_REFUSED", after: last, code: "invalid_message" });
    if (seq > last + 1) return link.send({ cmd: "PRIVATE_WANT", after: last });
    const prev = message["prev"] as string | null;
    if (seq === last + 1 && prev === (this.#heard.at(-1)?.id ?? null))
      this.#heard.push({ id: String(id), seq, prev, content: String(content) });
    if (this.#heard[seq - 1]?.id === id) link.send({ cmd: "RECEIVED", id, seq });
  }
}
