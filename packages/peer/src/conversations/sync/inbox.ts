import { ENTRIES_PER_BATCH_MAX, type Outcome, SYNC_RECEIVE_BYTES, type WireEntry } from "@papo/protocol";
import type { Received } from "../log/room-replica.ts";
import { bytesOf } from "./batches.ts";
import type { LinkTalk } from "./link-talk.ts";

export type InboxPorts = {
  readonly receive: (entries: readonly WireEntry[]) => Promise<Outcome<Received>>;
  /** Whether what different links bring may be stored together; otherwise it is known for each entry who brought it. */
  readonly mayMix: () => boolean;
  readonly received: (outcome: Outcome<Received>, from: readonly LinkTalk[]) => void;
};

type Piece = { readonly entries: readonly WireEntry[]; readonly bytes: number; readonly done?: () => void };

type Taken = {
  readonly entries: readonly WireEntry[];
  readonly bytesByLink: ReadonlyMap<LinkTalk, number>;
  readonly done: readonly (() => void)[];
};

/**
 * Entries of one room that have come and are not stored yet. They are stored in large pieces, one after the other, and every link has its turn in each: one
 * that floods only waits for itself.
 */
export class Inbox {
  readonly #ports: InboxPorts;
  /** The link that has waited longest comes first. */
  readonly #piecesByLink = new Map<LinkTalk, Piece[]>();
  #isRunning = false;

  constructor(ports: InboxPorts) {
    this.#ports = ports;
  }

  add(from: LinkTalk, entries: readonly WireEntry[]): void {
    const bytes = bytesOf(entries);
    from.arrived(bytes);
    this.#put(from, { entries, bytes });
  }

  /** Resolves when everything that this link has brought until now is stored, or was found wanting. */
  settled(from: LinkTalk): Promise<void> {
    return new Promise((resolve) => this.#put(from, { entries: [], bytes: 0, done: resolve }));
  }

  #put(from: LinkTalk, piece: Piece): void {
    const pieces = this.#piecesByLink.get(from);
    if (pieces === undefined) this.#piecesByLink.set(from, [piece]);
    else pieces.push(piece);
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    // What comes in the same turn is stored together.
    await Promise.resolve();
    while (this.#piecesByLink.size > 0) {
      const { entries, bytesByLink, done } = this.#take();
      if (entries.length > 0) {
        const outcome = await this.#ports.receive(entries);
        for (const [link, bytes] of bytesByLink) link.settled(bytes);
        this.#ports.received(outcome, [...bytesByLink.keys()]);
      }
      for (const tell of done) tell();
    }
    this.#isRunning = false;
  }

  #take(): Taken {
    const entries: WireEntry[] = [];
    const bytesByLink = new Map<LinkTalk, number>();
    const done: (() => void)[] = [];
    let bytes = 0;
    while (bytes < SYNC_RECEIVE_BYTES && entries.length < ENTRIES_PER_BATCH_MAX) {
      const [next] = this.#piecesByLink;
      if (next === undefined) break;
      const [link, pieces] = next;
      if (!this.#ports.mayMix() && bytesByLink.size > 0 && !bytesByLink.has(link)) break;
      const piece = pieces.shift();
      // To the end of the line, or out of it.
      this.#piecesByLink.delete(link);
      if (pieces.length > 0) this.#piecesByLink.set(link, pieces);
      if (piece === undefined) continue;
      for (const entry of piece.entries) entries.push(entry);
      bytes += piece.bytes;
      if (piece.bytes > 0) bytesByLink.set(link, (bytesByLink.get(link) ?? 0) + piece.bytes);
      if (piece.done !== undefined) done.push(piece.done);
    }
    return { entries, bytesByLink, done };
  }
}
