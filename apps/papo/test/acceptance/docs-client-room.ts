import { type DocsLog, type Entry, type Heads, type Range, readBatch, writeBatch } from "./docs-client-log.ts";
import type { Frames, Json } from "./docs-client-wire.ts";

// A second implementation, part three: one room brought together over links, from docs/protocol/room-log.md §7 to §9 alone.

/** room-log.md §7.6: silence after which what was said is said again. */
const REOFFER_FIRST_MS = 1_000;

/** What is known of the other side of one link. */
type Talk = {
  heads: Heads[];
  toldDigest: string;
  theirDigest: string | undefined;
  /** By `DEVICE CHAIN`. */
  readonly stored: Map<string, number>;
};

export class DocsRoom {
  readonly log: DocsLog;
  readonly #talks = new Map<Frames, Talk>();

  constructor(log: DocsLog) {
    this.log = log;
  }

  get id(): string {
    return this.log.room;
  }

  /** Messages in the room's order, as `name: text`. */
  get lines(): readonly string[] {
    return this.log.shown().map(({ author, text }) => `${author}: ${String(text)}`);
  }

  /** §8.3, with one other account: whether it has this device's content up to here. */
  isStored(seq: number): boolean {
    const [own] = this.log.own.content;
    if (own === undefined) return false;
    return [...this.#talks.values()].some(({ stored }) => (stored.get(`${own.header.author} content`) ?? 0) >= seq);
  }

  /** Durable, which here is at once; then pushed. Returns the number of the last one. §7.5 */
  say(...texts: readonly string[]): number {
    const entries = this.log.write(
      "content",
      "message",
      texts.map((text) => ({ text })),
    );
    this.#push(entries);
    return entries.at(-1)?.header.seq ?? 0;
  }

  writeControl(kind: string, body: object): void {
    this.#push(this.log.write("control", kind, [body]));
  }

  #push(entries: readonly Entry[]): void {
    for (const link of this.#talks.keys()) link.sendEntries(writeBatch(this.id, entries));
  }

  // ---- links

  opened(link: Frames): void {
    this.#talks.set(link, { heads: [], toldDigest: "", theirDigest: undefined, stored: new Map() });
    link.socket.setTimeout(REOFFER_FIRST_MS);
    link.socket.on("timeout", () => this.#offer(link));
    link.socket.once("close", () => this.#talks.delete(link));
    this.#offer(link);
  }

  /** §7.1, §7.2: own control entries to who may not know us, and a digest; until the other side's is the same. */
  #offer(link: Frames): void {
    const talk = this.#talks.get(link);
    if (talk === undefined || link.isEnding || talk.theirDigest === this.#digest) return;
    const { control } = this.log.own;
    if (talk.theirDigest === undefined && control.length > 0) link.sendEntries(writeBatch(this.id, control));
    this.#tellDigest(link, talk);
  }

  get #digest(): string {
    const { control, content } = this.log.digest();
    return `${control} ${content}`;
  }

  #tellDigest(link: Frames, talk: Talk): void {
    talk.toldDigest = this.#digest;
    link.send({ cmd: "SYNC_DIGEST", room: this.id, ...this.log.digest() });
  }

  #tellHeads(link: Frames, ask: boolean): void {
    link.send({ cmd: "SYNC_HEADS", room: this.id, heads: this.log.heads(), last: true, ask });
  }

  // ---- what is heard

  heard(link: Frames, message: Json): void {
    const talk = this.#talks.get(link);
    if (talk === undefined) return;
    switch (message["cmd"]) {
      case "SYNC_DIGEST":
        return this.#digestHeard(link, talk, `${String(message["control"])} ${String(message["content"])}`);
      case "SYNC_HEADS":
        return this.#headsHeard(link, talk, message);
      case "SYNC_WANT":
        return this.#wanted(link, message["ranges"] as readonly Range[]);
      case "SYNC_DONE":
        return this.#want(link, talk);
      case "STORED":
        for (const { device, control, content } of message["heads"] as readonly Json[])
          note(talk, String(device), { control: Number(control), content: Number(content) });
    }
  }

  #digestHeard(link: Frames, talk: Talk, digest: string): void {
    talk.theirDigest = digest;
    if (digest === this.#digest) return noteAll(talk, this.log.heads());
    if (talk.toldDigest !== this.#digest) this.#tellDigest(link, talk);
    this.#tellHeads(link, true);
  }

  #headsHeard(link: Frames, talk: Talk, { heads, last, ask }: Json): void {
    talk.heads.push(...(heads as readonly Heads[]));
    if (last !== true) return;
    noteAll(talk, talk.heads);
    if (ask === true) this.#tellHeads(link, false);
    this.#want(link, talk);
  }

  /** §7.3 */
  #want(link: Frames, talk: Talk): void {
    const ranges = this.log.lacks(talk.heads);
    if (ranges.length > 0) link.send({ cmd: "SYNC_WANT", room: this.id, ranges, credit: 262_144 });
    else talk.heads = [];
  }

  /** §7.4 */
  #wanted(link: Frames, ranges: readonly Range[]): void {
    const entries = this.log.answer(ranges);
    if (entries.length > 0) link.sendEntries(writeBatch(this.id, entries));
    link.send({ cmd: "SYNC_DONE", room: this.id, more: false });
  }

  /** What has become durable is confirmed to whoever brought it. §8.1 */
  entriesHeard(link: Frames, payload: Buffer): void {
    const taken = this.log.take(readBatch(payload).entries);
    const talk = this.#talks.get(link);
    if (talk === undefined || taken.length === 0) return;
    const authors = new Set(taken.map(({ header }) => header.author));
    const heads = this.log.heads().filter(({ device }) => authors.has(device));
    noteAll(talk, heads);
    const stored = heads.map(({ device, control, content }) => ({
      ...{ device, control: control?.[0] ?? 0, content: content?.[0] ?? 0 },
    }));
    link.send({ cmd: "STORED", room: this.id, heads: stored });
  }
}

/** §8.1: heads say as much as STORED. */
function noteAll(talk: Talk, heads: readonly Heads[]): void {
  for (const { device, control, content } of heads)
    note(talk, device, { control: control?.[0] ?? 0, content: content?.[0] ?? 0 });
}

function note({ stored }: Talk, device: string, upTo: { readonly control: number; readonly content: number }): void {
  for (const [chain, seq] of Object.entries(upTo)) {
    const name = `${device} ${chain}`;
    stored.set(name, Math.max(stored.get(name) ?? 0, seq));
  }
}
