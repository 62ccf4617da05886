import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type KeyPair, accountKeyOfSeed, sha256Text, signRoomTicket, signStatement } from "@papo/link";
import {
  type AccountKey,
  type AccountStatement,
  CONTROL_BODIES,
  type ControlBody,
  type Cut,
  type DeviceKey,
  type EntryId,
  type GenesisBody,
  type Outcome,
  type RoomId,
  type SealKey,
  type Sha256,
  type SignedText,
  type TlsKey,
  type TrackerKey,
  decodeWith,
  deviceKey,
  sealKey,
  tlsKey,
  trackerKey,
  username,
} from "@papo/protocol";
import { ControlSet } from "../../../src/conversations/log/control-set.ts";
import { type OpenedEntry, sealEntry, signSealed } from "../../../src/conversations/log/opened-entry.ts";
import type { RoomState } from "../../../src/conversations/log/room-state.ts";

// People with keys, and what they write into the control chains of one room, each by what it has seen.

const DATE = "2026-11-22T12:00:00.000Z";

/** Keys and salts are counted, so that a story told twice is the same to the byte. */
let counted = 0;

export function startOver(): void {
  counted = 0;
}

/** Making keys is slow, and stories use the same ones again. */
const keyByCount = new Map<string, KeyPair<AccountKey>>();

function countedKey(): KeyPair<AccountKey> {
  const seed = nextBytes(32);
  const key = keyByCount.get(seed.toString("hex")) ?? accountKeyOfSeed(seed);
  keyByCount.set(seed.toString("hex"), key);
  return key;
}

function nextBytes(length: number): Buffer {
  counted += 1;
  return createHash("sha256").update(`${counted}`).digest().subarray(0, length);
}

export function countedDevice(): KeyPair<DeviceKey> {
  const { publicKey, secretKey } = countedKey();
  return { publicKey: value(decodeWith(deviceKey, publicKey)), secretKey };
}

const trackerSeed = accountKeyOfSeed(new Uint8Array(32).fill(1));
export const tracker: KeyPair<TrackerKey> = {
  publicKey: value(decodeWith(trackerKey, trackerSeed.publicKey)),
  secretKey: trackerSeed.secretKey,
};

export type Body<K extends ControlBody["kind"]> = Extract<ControlBody, { readonly kind: K }>["body"];

export function value<T>(outcome: Outcome<T>): T {
  assert.ok(outcome.ok);
  return outcome.value;
}

type Listed = { readonly key: KeyPair<DeviceKey>; readonly tls: TlsKey; readonly seal: SealKey; revoked: boolean };

/** An account with its root, which can say anew which devices it has. */
export class Person {
  readonly name: string;
  readonly root = countedKey();
  readonly listed: Listed[] = [];
  #version = 0;
  #prev: Sha256 | null = null;
  #text: SignedText | undefined;

  constructor(name: string) {
    this.name = name;
    this.addDevice();
  }

  get account(): AccountKey {
    return this.root.publicKey;
  }

  get statement(): SignedText {
    assert.ok(this.#text !== undefined);
    return this.#text;
  }

  device(at = 0): KeyPair<DeviceKey> {
    const listed = this.listed[at];
    assert.ok(listed !== undefined);
    return listed.key;
  }

  addDevice(key = countedDevice()): KeyPair<DeviceKey> {
    this.listed.push(listed(key));
    this.state();
    return key;
  }

  revoke(at: number): void {
    const listed = this.listed[at];
    assert.ok(listed !== undefined);
    listed.revoked = true;
    this.state();
  }

  /** Says anew which devices there are. */
  state(): SignedText {
    this.#prev = this.#text === undefined ? null : sha256Text(this.#text.text);
    this.#version += 1;
    this.#text = this.#signed(this.listed);
    return this.#text;
  }

  /** Another statement of the newest version, with one more device, as a thief of the root makes it. */
  rival(key: KeyPair<DeviceKey>): SignedText {
    return this.#signed([...this.listed.filter((other) => other.key !== key), listed(key)]);
  }

  #signed(devices: readonly Listed[]): SignedText {
    const statement: AccountStatement = {
      v: 1,
      account: this.account,
      version: this.#version,
      prev: this.#prev,
      devices: devices.map(({ key, tls, seal, revoked }) => ({
        device: key.publicKey,
        tls,
        seal,
        added: DATE,
        revoked: revoked ? DATE : null,
      })),
    };
    const signed = signStatement(this.root, statement);
    return signed;
  }
}

function listed(key: KeyPair<DeviceKey>): Listed {
  const tls = value(decodeWith(tlsKey, countedDevice().publicKey));
  const seal = value(decodeWith(sealKey, countedDevice().publicKey));
  return { key, tls, seal, revoked: false };
}

/** One device in a room: what it has seen, and what it writes. */
export class Writer {
  readonly person: Person;
  readonly key: KeyPair<DeviceKey>;
  readonly set: ControlSet;
  readonly seen: OpenedEntry[] = [];
  readonly refused: OpenedEntry[] = [];
  #last: OpenedEntry | undefined;

  constructor(person: Person, room: RoomId, key = person.device()) {
    this.person = person;
    this.key = key;
    this.set = new ControlSet(room);
  }

  get account(): AccountKey {
    return this.person.account;
  }

  get state(): RoomState {
    return this.set.state;
  }

  get last(): OpenedEntry | undefined {
    return this.#last;
  }

  see(...entries: readonly OpenedEntry[]): this {
    for (const entry of entries) {
      const verdict = this.set.add(entry);
      assert.ok(verdict === "added" || verdict === "known", verdict);
      if (verdict === "added") this.seen.push(entry);
    }
    return this;
  }

  seeAll(...others: readonly Writer[]): this {
    for (const other of others) this.see(...other.seen);
    return this;
  }

  /** The founder's own first entry. */
  adopt(genesis: OpenedEntry): this {
    this.#last = genesis;
    return this.see(genesis);
  }

  /** `auth` and `after`: under older heads, or after an older entry of its own, as a forger would. */
  write(
    said: ControlBody,
    pretended: { readonly auth?: readonly EntryId[]; readonly after?: OpenedEntry | undefined } = {},
  ): OpenedEntry {
    const entry = this.draft(said, pretended);
    assert.equal(this.set.add(entry), "added");
    this.seen.push(entry);
    return entry;
  }

  /** Like `write`, and it may be that nobody takes it. */
  offer(
    said: ControlBody,
    pretended: { readonly auth?: readonly EntryId[]; readonly after?: OpenedEntry | undefined } = {},
  ): void {
    const before = this.#last;
    const entry = this.draft(said, pretended);
    if (this.set.add(entry) === "added") this.seen.push(entry);
    else {
      this.refused.push(entry);
      this.#last = before;
    }
  }

  /** Like `write`, whatever becomes of it. */
  draft(
    said: ControlBody,
    pretended: { readonly auth?: readonly EntryId[]; readonly after?: OpenedEntry | undefined } = {},
  ): OpenedEntry {
    const prev = "after" in pretended ? pretended.after : this.#last;
    const auth = pretended.auth ?? this.set.heads.slice(0, 32);
    const fields = {
      room: this.set.id,
      author: this.key.publicKey,
      chain: "control" as const,
      seq: (prev?.header.seq ?? 0) + 1,
      prev: prev?.id ?? null,
      auth: [...auth],
      deps: [],
      lamport: (prev?.header.lamport ?? 1) + this.seen.length + 1,
      time: 0,
    };
    const entry = value(sealEntry(fields, said, nextBytes(16)));
    this.#last = entry;
    return entry;
  }

  join(ticket: SignedText | null = null, content = 1): OpenedEntry {
    return this.write(joining(this.person, { ticket, content }));
  }

  admit(person: Person): OpenedEntry {
    return this.write(admitting(person));
  }

  role(account: AccountKey, role: "owner" | "moderator" | "member"): OpenedEntry {
    return this.write({ kind: "role", body: { account, role } });
  }

  remove(person: Person, bar = false, cuts: readonly Cut[] = this.cutsOf(person)): OpenedEntry {
    return this.write({ kind: "remove", body: { account: person.account, bar, cuts: [...cuts] } });
  }

  leave(cuts: readonly Cut[] = this.cutsOf(this.person)): OpenedEntry {
    return this.write({ kind: "leave", body: { cuts: [...cuts] } });
  }

  topic(text: string): OpenedEntry {
    return this.write({ kind: "topic", body: { text } });
  }

  /** Everything seen of that account's control chains, and so many of each content chain. */
  cutsOf(person: Person, content = 0): readonly Cut[] {
    return person.listed.flatMap(({ key }) => {
      const own = this.seen.filter(({ header }) => header.author === key.publicKey);
      const last = own.toSorted((a, b) => a.header.seq - b.header.seq).at(-1);
      if (last === undefined) return [];
      const said: Cut["content"] = content === 0 ? null : [content, last.id];
      return [{ device: key.publicKey, control: [last.header.seq, last.id] as [number, EntryId], content: said }];
    });
  }
}

export function joining(
  person: Person,
  { ticket = null, content = 1 }: { readonly ticket?: SignedText | null; readonly content?: number } = {},
): ControlBody {
  return { kind: "join", body: { statement: person.statement, binding: null, ticket, content } };
}

export function admitting(person: Person, more: Partial<Body<"admit">> = {}): ControlBody {
  const body = { account: person.account, statement: person.statement, binding: null };
  return { kind: "admit", body: { ...body, invite: null, proof: null, base: null, ...more } };
}

export function ticketFor(person: Person, room: RoomId): SignedText {
  const name = value(decodeWith(username, person.name));
  return signRoomTicket(tracker, { v: 1, tracker: tracker.publicKey, room, account: person.account, name, date: DATE });
}

/** A new room, and its founder's device. */
export function found(founder: Person, terms: Partial<GenesisBody> = {}): Writer {
  const body = value(
    decodeWith(CONTROL_BODIES.genesis, {
      ...{ name: "sala", room: "invite", history: "join", capacity: 50, retentionDays: null, quotaBytes: null },
      ...{ features: [], tracker: tracker.publicKey, statement: founder.statement, binding: null },
      ...terms,
    }),
  );
  const fields = { room: null, author: founder.device().publicKey, chain: "control" as const, seq: 1, prev: null };
  const more = { auth: [], deps: [], lamport: 1, time: 0 };
  const genesis = signSealed(
    value(sealEntry({ ...fields, ...more }, { kind: "genesis", body }, nextBytes(16))),
    founder.device(),
  );
  const writer = new Writer(founder, genesis.id as string as RoomId);
  return writer.adopt(genesis);
}
