import {
  type Json,
  isSignedBy,
  joined,
  type KeyPair,
  openText,
  randomBytes,
  type Party,
  sha256,
  signBytes,
} from "./docs-client-wire.ts";

// A second implementation, part two: entries and what a set of them says, from docs/protocol/room-log.md §2 to §6 alone. Of control it knows what
// a room needs in which nobody is put out and nobody is given a rank: genesis, join, admit.

export type Header = {
  readonly room: string | null;
  readonly author: string;
  readonly chain: "control" | "content";
  readonly seq: number;
  readonly prev: string | null;
  readonly auth: readonly string[];
  readonly deps: readonly (readonly [device: string, seq: number, id: string])[];
  readonly lamport: number;
  readonly kind: string;
  readonly bodyHash: string;
  readonly bodySize: number;
};

/** §2: a header's exact bytes, a signature where there is one, the body unless it was dropped. */
export type Entry = {
  readonly id: string;
  readonly header: Header;
  readonly bytes: Buffer;
  readonly signature: Buffer | null;
  readonly body: Buffer | null;
};

const SALT_BYTES = 16;

/** §2.3, §2.4. Throws on what no entry of that room can be. */
export function readEntry(room: string, parts: Pick<Entry, "bytes" | "signature" | "body">): Entry {
  const { bytes, body } = parts;
  const id = sha256("papo/entry/1\0", bytes);
  const header = JSON.parse(bytes.toString()) as Header;
  if ((header.room ?? id) !== room) throw new Error("an entry of another room");
  if (body !== null && (sha256("papo/body/1\0", body) !== header.bodyHash || body.length !== header.bodySize))
    throw new Error("another entry's body");
  return { id, header, ...parts };
}

export function isSigned({ header, bytes, signature }: Entry): boolean {
  return signature !== null && isSignedBy(header.author, "papo/entry/1", bytes, signature);
}

function bodyOf({ body }: Entry): Json | undefined {
  return body === null ? undefined : (JSON.parse(body.subarray(SALT_BYTES).toString()) as Json);
}

/** §6: what a frame of kind 2 holds. */
export function readBatch(payload: Buffer): { readonly room: string; readonly entries: readonly Entry[] } {
  const room = payload.subarray(0, 32).toString("base64url");
  const entries: Entry[] = [];
  let at = 32;
  const piece = (bytes: number): Buffer => payload.subarray(at, (at += bytes));
  while (at < payload.length) {
    const flags = piece(1).readUInt8();
    const bytes = piece(piece(2).readUInt16BE());
    const signature = (flags & 1) === 0 ? null : piece(64);
    const body = (flags & 2) === 0 ? null : piece(piece(2).readUInt16BE());
    entries.push(readEntry(room, { bytes, signature, body }));
  }
  return { room, entries };
}

export function writeBatch(room: string, entries: readonly Entry[]): Buffer {
  const length = (piece: Buffer): Buffer => Buffer.from([piece.length >>> 8, piece.length & 255]);
  const parts = entries.flatMap(({ bytes, signature, body }) => [
    Buffer.from([(signature === null ? 0 : 1) + (body === null ? 0 : 2)]),
    ...[length(bytes), bytes, signature ?? Buffer.alloc(0)],
    ...(body === null ? [] : [length(body), body]),
  ]);
  return Buffer.concat([Buffer.from(room, "base64url"), ...parts]);
}

type Head = readonly [seq: number, id: string];
export type Heads = { readonly device: string; readonly control: Head | null; readonly content: Head | null };
export type Range = {
  readonly device: string;
  readonly chain: Header["chain"];
  readonly from: number;
  readonly to: number;
};

/** One device's copy of one room. What it holds is what "durable" means to a client that lives no longer than a test. */
export class DocsLog {
  readonly room: string;
  readonly #device: KeyPair;
  readonly #deviceKey: string;
  readonly #account: string;
  readonly #held = new Map<string, Entry>();
  /** What lacks something before it, or the signature that vouches for it. */
  readonly #waiting = new Map<string, Entry>();
  #time = 1_800_000_000_000;

  constructor(room: string, device: KeyPair, self: Party) {
    this.room = room;
    this.#device = device;
    this.#deviceKey = self.device;
    this.#account = self.account;
  }

  /** A new room, with its genesis. §4.2 */
  static found(device: KeyPair, self: Party, body: object): DocsLog {
    const genesis = makeEntry(device, body, {
      ...{ v: 1, room: null, author: self.device, chain: "control", seq: 1, prev: null, auth: [], deps: [] },
      ...{ lamport: 1, time: 1_800_000_000_000, kind: "genesis" },
    });
    const log = new DocsLog(genesis.id, device, self);
    log.take([genesis]);
    return log;
  }

  // ---- what it says

  get genesis(): Json | undefined {
    const genesis = this.#held.get(this.room);
    return genesis === undefined ? undefined : bodyOf(genesis);
  }

  /** §4.1: whom each device writes for, by its first control entry. */
  accountOf(device: string): string | undefined {
    const first = this.chain(device, "control")[0];
    const statement = first === undefined ? undefined : bodyOf(first)?.["statement"];
    return statement === undefined ? undefined : String(openText("papo/account-statement/1", statement)["account"]);
  }

  /** By the name bindings that the room holds. */
  nameOf(device: string): string {
    const account = this.accountOf(device);
    for (const entry of this.#of("control")) {
      const binding = bodyOf(entry)?.["binding"] ?? null;
      if (binding === null) continue;
      const bound = openText("papo/name-binding/1", binding);
      if (bound["account"] === account && bound["tracker"] === this.genesis?.["tracker"]) return String(bound["name"]);
    }
    return "?";
  }

  /** §3.2: messages in the room's order. */
  shown(): readonly { readonly id: string; readonly author: string; readonly text: unknown }[] {
    const effective = this.#effectives();
    const key = ({ id, header }: Entry): readonly [number, string, string] => [effective(id), header.author, id];
    return this.#of("content")
      .map((entry) => ({ entry, at: key(entry) }))
      .toSorted((a, b) => a.at[0] - b.at[0] || compare(a.at[1], b.at[1]) || compare(a.at[2], b.at[2]))
      .filter(({ entry }) => entry.header.kind === "message")
      .map(({ entry }) => ({ id: entry.id, author: this.nameOf(entry.header.author), text: bodyOf(entry)?.["text"] }));
  }

  /** min(claimed, 1 + the highest among what it names and what is held). */
  #effectives(): (id: string) => number {
    const known = new Map<string, number>();
    const of = (id: string): number => {
      const entry = this.#held.get(id);
      if (entry === undefined) return 0;
      const before = known.get(id) ?? Math.min(entry.header.lamport, 1 + Math.max(0, ...namedBy(entry.header).map(of)));
      known.set(id, before);
      return before;
    };
    return of;
  }

  // ---- what it holds

  chain(device: string, chain: Header["chain"]): readonly Entry[] {
    return this.#of(chain)
      .filter(({ header }) => header.author === device)
      .toSorted((a, b) => a.header.seq - b.header.seq);
  }

  get own(): { readonly control: readonly Entry[]; readonly content: readonly Entry[] } {
    const waiting = [...this.#waiting.values()].filter(({ header }) => header.author === this.#deviceKey);
    const control = [...this.chain(this.#deviceKey, "control"), ...waiting];
    return { control, content: this.chain(this.#deviceKey, "content") };
  }

  heads(): readonly Heads[] {
    const devices = [...new Set([...this.#held.values()].map(({ header }) => header.author))].toSorted();
    const head = (device: string, chain: Header["chain"]): Head | null => {
      const last = this.chain(device, chain).at(-1);
      return last === undefined ? null : [last.header.seq, last.id];
    };
    return devices.map((device) => ({
      ...{ device, control: head(device, "control"), content: head(device, "content") },
    }));
  }

  /** §4.1: what nothing else in the control set names. */
  controlHeads(): readonly string[] {
    const named = new Set(this.#of("control").flatMap(({ header }) => namedBy(header)));
    return this.#of("control")
      .map(({ id }) => id)
      .filter((id) => !named.has(id))
      .toSorted();
  }

  /** §7.2 */
  digest(): { readonly control: string; readonly content: string } {
    const of = (lines: readonly string[]): string =>
      sha256(
        "papo/log-digest/1\0",
        lines
          .toSorted()
          .map((line) => `${line}\n`)
          .join(""),
      );
    const content = this.heads().flatMap(({ device, content: head }) =>
      head === null ? [] : [`${device} ${head[0]} ${head[1]}`],
    );
    return { control: of(this.controlHeads()), content: of(content) };
  }

  /** §7.3: what others have shown and is not here; control alone while any of it is missing. */
  lacks(heads: readonly Heads[]): readonly Range[] {
    const ranges = heads.flatMap(({ device, control, content }) =>
      (["control", "content"] as const).flatMap((chain) => {
        const to = (chain === "control" ? control : content)?.[0] ?? 0;
        const base = chain === "content" ? this.#base(device) : 0;
        const from = (this.chain(device, chain).at(-1)?.header.seq ?? base) + 1;
        return from > to ? [] : [{ device, chain, from, to }];
      }),
    );
    const control = ranges.filter(({ chain }) => chain === "control");
    return control.length > 0 ? control : ranges;
  }

  /** §7.4: control first, each in the room's order. */
  answer(ranges: readonly Range[]): readonly Entry[] {
    const isAsked = ({ header }: Entry): boolean =>
      ranges.some(
        ({ device, chain, from, to }) =>
          header.author === device && header.chain === chain && header.seq >= from && header.seq <= to,
      );
    const effective = this.#effectives();
    const inOrder = (chain: Header["chain"]): readonly Entry[] =>
      this.#of(chain)
        .filter(isAsked)
        .toSorted((a, b) => effective(a.id) - effective(b.id) || a.header.seq - b.header.seq);
    return [...inOrder("control"), ...inOrder("content")];
  }

  /** §4.4: the last content entry of a device that is not for us, by the `admit` that let us in. */
  #base(device: string): number {
    const admit = this.#of("control").find(
      (entry) => entry.header.kind === "admit" && bringsIn(entry) === this.#account,
    );
    const base = admit === undefined ? null : (bodyOf(admit)?.["base"] as string | null);
    const bases = Buffer.from(base ?? "", "base64url");
    for (let at = 0; at < bases.length; at += 22) {
      const isTheirs = Buffer.from(device, "base64url")
        .subarray(0, 16)
        .equals(bases.subarray(at, at + 16));
      if (isTheirs) return bases.readUIntBE(at + 16, 6);
    }
    return 0;
  }

  #of(chain: Header["chain"]): readonly Entry[] {
    return [...this.#held.values()].filter(({ header }) => header.chain === chain);
  }

  // ---- writing

  /** A control entry, or (§2.3) a run of content with one signature at its end. Returns what is to be sent. */
  write(chain: Header["chain"], kind: string, bodies: readonly object[]): readonly Entry[] {
    const effective = this.#effectives();
    const auth = this.genesis === undefined ? [this.room] : this.controlHeads();
    const last = this.chain(this.#deviceKey, chain).at(-1);
    const deps = (chain === "content" ? this.heads() : []).flatMap(({ device, content }) =>
      device === this.#deviceKey || content === null ? [] : [[device, ...content] as const],
    );
    const named = [...auth, ...deps.map(([, , id]) => id), ...(last === undefined ? [] : [last.id])];
    // Nothing is held by who has the id alone: the genesis stands at 1.
    const highest = Math.max(1, ...named.map(effective), last?.header.lamport ?? 0);
    const run: Entry[] = [];
    for (const [index, body] of bodies.entries()) {
      const before = run.at(-1) ?? last;
      const header = {
        ...{ v: 1, room: this.room, author: this.#deviceKey, chain, seq: (before?.header.seq ?? 0) + 1 },
        ...{ prev: before?.id ?? null, auth, deps, lamport: highest + 1 + index, time: (this.#time += 1), kind },
      };
      run.push(makeEntry(this.#device, body, header, { signs: index === bodies.length - 1 }));
    }
    this.take(run);
    return run;
  }

  // ---- taking

  /** What came, and whatever waited for it. Returns what is held now and was not. */
  take(entries: readonly Entry[]): readonly Entry[] {
    for (const entry of entries) if (!this.#held.has(entry.id)) this.#waiting.set(entry.id, entry);
    const taken: Entry[] = [];
    for (let entry = this.#ready(); entry !== undefined; entry = this.#ready()) {
      this.#waiting.delete(entry.id);
      this.#held.set(entry.id, entry);
      taken.push(entry);
    }
    return taken;
  }

  #ready(): Entry | undefined {
    const vouched = this.#vouchedFor();
    return [...this.#waiting.values()].find(
      (entry) => vouched.has(entry.id) && this.#follows(entry) && this.#counts(entry),
    );
  }

  /** §2.3: a signature vouches for its entry and for all before it in the chain. */
  #vouchedFor(): ReadonlySet<string> {
    const vouched = new Set<string>();
    for (const signed of [...this.#waiting.values()].filter(isSigned)) {
      for (let entry: Entry | undefined = signed; entry !== undefined; ) {
        vouched.add(entry.id);
        entry = entry.header.prev === null ? undefined : this.#waiting.get(entry.header.prev);
      }
    }
    return vouched;
  }

  /** §2.5 */
  #follows({ header }: Entry): boolean {
    const base = header.chain === "content" ? this.#base(header.author) : 0;
    if (base > 0 && header.seq === base + 1) return true;
    const before = header.prev === null ? undefined : this.#held.get(header.prev);
    if (before === undefined) return header.prev === null && header.seq === 1;
    const { author, chain, seq, lamport } = before.header;
    const isNext = author === header.author && chain === header.chain && seq + 1 === header.seq;
    return isNext && lamport < header.lamport;
  }

  #counts(entry: Entry): boolean {
    const { auth, author, chain, kind, prev } = entry.header;
    if (entry.id === this.room) return kind === "genesis" && this.#statementLists(entry);
    if (auth.length === 0 || !auth.every((id) => this.#held.has(id))) return false;
    if (chain === "content") return this.accountOf(author) !== undefined;
    return entry.body !== null && (prev !== null || (kind === "join" && this.#lets(entry)));
  }

  /** §4.1: the device's first entry is for an account that its ticket lets in, or that somebody brought in before. */
  #lets(entry: Entry): boolean {
    if (!this.#statementLists(entry)) return false;
    const body = bodyOf(entry);
    const { account } = openText("papo/account-statement/1", body?.["statement"]);
    const ticket = body?.["ticket"] ?? null;
    if (ticket === null) return this.#of("control").some((other) => bringsIn(other) === account);
    const { tracker, room, account: admitted } = openText("papo/room-ticket/1", ticket);
    const { room: kind, tracker: expected } = this.genesis ?? {};
    return kind === "open" && tracker === expected && room === this.room && admitted === account;
  }

  #statementLists(entry: Entry): boolean {
    const { devices } = openText("papo/account-statement/1", bodyOf(entry)?.["statement"]);
    return (devices as readonly Json[]).some(
      ({ device, revoked }) => device === entry.header.author && revoked === null,
    );
  }
}

function bringsIn(entry: Entry): unknown {
  const body = bodyOf(entry);
  if (entry.header.kind === "admit") return body?.["account"];
  const statement = body?.["statement"];
  return statement === undefined ? undefined : openText("papo/account-statement/1", statement)["account"];
}

function namedBy({ prev, auth, deps }: Header): readonly string[] {
  return [...(prev === null ? [] : [prev]), ...auth, ...deps.map(([, , id]) => id)];
}

function makeEntry(
  device: KeyPair,
  content: object,
  header: Omit<Header, "bodyHash" | "bodySize"> & { readonly v: number; readonly time: number },
  { signs } = { signs: true },
): Entry {
  const body = joined([randomBytes(SALT_BYTES), JSON.stringify(content)]);
  const whole = { ...header, bodyHash: sha256("papo/body/1\0", body), bodySize: body.length };
  const bytes = Buffer.from(JSON.stringify(whole));
  const id = sha256("papo/entry/1\0", bytes);
  const signature = signs ? signBytes("papo/entry/1", bytes, device) : null;
  return { id, header: whole, bytes, signature, body };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
