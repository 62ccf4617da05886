import {
  ABOUT_PER_AUTHOR_MAX,
  type Chain,
  type DeviceKey,
  type EntryId,
  HISTORY_UNREAD_COUNT_MAX,
} from "@papo/protocol";
import { compareEntries } from "../entry-order.ts";
import { newestOfEach } from "../newest-about.ts";
import type {
  AboutOnly,
  EntryLine,
  EntryPosition,
  StoredEntry,
  StoredHead,
  StoredReceipt,
  StoredRoom,
} from "../history.ts";

type Chains = Map<string, EntryLine[]>;

/** What is kept of one room. */
export class MemoryRoom {
  record: StoredRoom | undefined;
  readonly #byId = new Map<EntryId, EntryLine>();
  /** By number within one chain. */
  readonly #chains: Chains = new Map();
  /** What a screen shows, in the room's order. */
  #shown: EntryLine[] = [];
  readonly #heads = new Map<string, StoredHead>();
  readonly #dependents = new Map<EntryId, EntryId[]>();
  readonly #receipts = new Map<DeviceKey, StoredReceipt>();

  put(entry: StoredEntry, nextArrival: () => number): void {
    const held = this.#byId.get(entry.id);
    if (held !== undefined) return this.#putAgain(held, entry);
    const line = { ...entry, arrival: nextArrival() };
    this.#byId.set(line.id, line);
    const chain = this.#chain(line.author, line.chain);
    chain.splice(
      indexIn(chain, (held) => held.seq > line.seq),
      0,
      line,
    );
    this.#show(line);
  }

  #putAgain(held: EntryLine, { effective, isVoid, signature, body, text }: StoredEntry): void {
    if (!held.isVoid || isVoid) return;
    const said = held.body === null && body !== null ? { body, text } : {};
    this.change(held.id, { isVoid: false, effective, signature: signature ?? held.signature, ...said });
  }

  change(id: EntryId, changes: Partial<StoredEntry>): void {
    const held = this.#byId.get(id);
    if (held === undefined) return;
    const line = { ...held, ...changes };
    this.#byId.set(id, line);
    const chain = this.#chain(line.author, line.chain);
    chain[chain.indexOf(held)] = line;
    this.#hide(held);
    this.#show(line);
  }

  setVoid(span: { author: DeviceKey; chain: Chain; from: number; to: number; isVoid: boolean }): void {
    const within = this.#chain(span.author, span.chain).filter(({ seq }) => seq >= span.from && seq <= span.to);
    for (const { id } of within) this.change(id, { isVoid: span.isVoid });
  }

  putHead({ author, chain, seq, id }: StoredHead): void {
    this.#heads.set(`${author} ${chain}`, { author, chain, seq, id });
  }

  putMissing(missing: EntryId, dependent: EntryId): void {
    const dependents = this.#dependents.get(missing) ?? [];
    if (!dependents.includes(dependent)) this.#dependents.set(missing, [...dependents, dependent]);
  }

  removeMissing(missing: EntryId): void {
    this.#dependents.delete(missing);
  }

  putReceipt(receipt: StoredReceipt): void {
    this.#receipts.set(receipt.device, receipt);
  }

  // ---- reading

  heads(): readonly StoredHead[] {
    const heads = [...this.#heads.values()];
    return heads.sort((one, other) => (chainKey(one) < chainKey(other) ? -1 : 1));
  }

  control(): readonly StoredEntry[] {
    return [...this.#byId.values()].filter(({ chain }) => chain === "control").sort(compareEntries);
  }

  entry(id: EntryId): EntryLine | undefined {
    return this.#byId.get(id);
  }

  entryAt(author: DeviceKey, chain: Chain, seq: number): EntryLine | undefined {
    const lines = this.#chain(author, chain);
    const first = lines[indexIn(lines, (line) => line.seq >= seq)];
    if (first?.seq !== seq) return undefined;
    return first.isVoid ? (lines.find((line) => line.seq === seq && !line.isVoid) ?? first) : first;
  }

  range(author: DeviceKey, chain: Chain, { from, limit }: { from: number; limit: number }): readonly EntryLine[] {
    const lines: EntryLine[] = [];
    const held = this.#chain(author, chain);
    for (let at = indexIn(held, ({ seq }) => seq >= from); at < held.length && lines.length < limit; at += 1) {
      const line = held[at];
      if (line?.isVoid === false) lines.push(line);
    }
    return lines;
  }

  dependents(missing: EntryId): readonly EntryId[] {
    return this.#dependents.get(missing) ?? [];
  }

  missing(limit: number): readonly EntryId[] {
    return [...this.#dependents.keys()].sort().slice(0, limit);
  }

  linesBefore(position: EntryPosition | undefined, limit: number): readonly EntryLine[] {
    const end =
      position === undefined ? this.#shown.length : indexIn(this.#shown, (line) => compareEntries(line, position) >= 0);
    return this.#shown.slice(Math.max(0, end - limit), end).reverse();
  }

  linesAfter(position: EntryPosition, limit: number): readonly EntryLine[] {
    const start = indexIn(this.#shown, (line) => compareEntries(line, position) > 0);
    return this.#shown.slice(start, start + limit);
  }

  about(targets: readonly EntryId[], only?: AboutOnly): readonly StoredEntry[] {
    const wanted = new Set(targets);
    const about = ({ target, isVoid, kind }: EntryLine): boolean =>
      target !== null && wanted.has(target) && !isVoid && (only === undefined || kind === only.kind);
    const byTarget = Map.groupBy([...this.#byId.values()].filter(about).sort(compareEntries), ({ target }) => target);
    const perAuthor = only?.perAuthor ?? ABOUT_PER_AUTHOR_MAX;
    return [...byTarget.values()].flatMap((lines) => newestOfEach(lines, perAuthor)).sort(compareEntries);
  }

  unread(own: readonly DeviceKey[]): { readonly count: number; readonly first: EntryPosition | null } {
    const readUpTo = this.record?.readUpTo ?? 0;
    const since = this.#shown.filter(({ arrival }) => arrival > readUpTo);
    const lookedAt = new Set(
      since.toSorted((one, other) => one.arrival - other.arrival).slice(0, HISTORY_UNREAD_COUNT_MAX),
    );
    const unread = since.filter((line) => lookedAt.has(line) && !own.includes(line.author));
    const [first] = unread;
    return {
      count: unread.length,
      first: first === undefined ? null : { effective: first.effective, author: first.author, id: first.id },
    };
  }

  arrival(): number {
    return this.#shown.reduce((newest, { arrival }) => Math.max(newest, arrival), 0);
  }

  bodyBytes(author: DeviceKey): number {
    const lines = [...this.#byId.values()].filter((line) => line.author === author);
    return lines.reduce((bytes, { body }) => bytes + (body?.length ?? 0), 0);
  }

  receipts(): readonly StoredReceipt[] {
    return [...this.#receipts.values()].sort((one, other) => (one.device < other.device ? -1 : 1));
  }

  /** Whatever a search may find. */
  texts(): readonly EntryLine[] {
    if (this.record === undefined) return [];
    return [...this.#byId.values()].filter(({ text, isVoid }) => text !== null && !isVoid);
  }

  #chain(author: DeviceKey, chain: Chain): EntryLine[] {
    const key = `${author} ${chain}`;
    const lines = this.#chains.get(key) ?? [];
    this.#chains.set(key, lines);
    return lines;
  }

  #show(line: EntryLine): void {
    if (!line.shown || line.isVoid) return;
    this.#shown.splice(
      indexIn(this.#shown, (shown) => compareEntries(shown, line) > 0),
      0,
      line,
    );
  }

  #hide(line: EntryLine): void {
    const at = indexIn(this.#shown, (shown) => compareEntries(shown, line) >= 0);
    if (this.#shown[at] === line) this.#shown.splice(at, 1);
  }
}

function chainKey({ author, chain }: StoredHead): string {
  return `${author} ${chain === "control" ? 0 : 1}`;
}

/** The first place where the condition holds, which holds from some place on. */
function indexIn<T>(sorted: readonly T[], isBehind: (item: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = sorted[middle];
    if (item !== undefined && isBehind(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
