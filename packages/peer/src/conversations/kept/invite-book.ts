import {
  type AccountKey,
  INVITES_PER_ROOM_MAX,
  INVITE_SEED_BYTES,
  INVITE_USES_MAX,
  type InviteId,
  type Outcome,
  type RoomId,
  accountKey,
  decodeWith,
  fail,
  inviteId,
  keyBytes,
  keyText,
  parseStrictJson,
  succeed,
} from "@papo/protocol";
import { inviteKeyOfSeed } from "@papo/link";
import * as v from "valibot";
import type { History } from "../../storage/history/history.ts";
import { invitesSetting } from "./room-shelf.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** As it is kept: the seed is secret. A use is an account; the same one again costs nothing. */
const keptInvite = v.object({
  id: inviteId,
  seed: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u)),
  expiresMs: count,
  uses: count,
  usedBy: v.pipe(v.array(accountKey), v.maxLength(INVITE_USES_MAX)),
  /** Lets in this account alone, and this one also if it was barred. */
  only: v.exactOptional(accountKey),
});
const keptInvites = v.pipe(v.array(keptInvite), v.maxLength(INVITES_PER_ROOM_MAX));
export type KeptInvite = Readonly<v.InferOutput<typeof keptInvite>>;

/** The invites to rooms that this device has made: who used which is durable before anybody is let in. */
export class InviteBook {
  readonly #history: Pick<History, "setting" | "commit">;
  /** The last state that was handed to the store, so that two who come at once do not both take the last place. */
  readonly #invitesByRoom = new Map<RoomId, readonly KeptInvite[]>();

  constructor(history: Pick<History, "setting" | "commit">) {
    this.#history = history;
  }

  of(room: RoomId): readonly KeptInvite[] {
    const known = this.#invitesByRoom.get(room);
    if (known !== undefined) return known;
    const read = readInvites(this.#history.setting(invitesSetting(room)));
    this.#invitesByRoom.set(room, read);
    return read;
  }

  find(room: RoomId, id: InviteId): KeptInvite | undefined {
    return this.of(room).find((invite) => invite.id === id);
  }

  async add(
    room: RoomId,
    invite: {
      readonly seed: Uint8Array;
      readonly expiresMs: number;
      readonly uses: number;
      readonly nowMs: number;
      readonly only?: AccountKey | undefined;
    },
  ): Promise<Outcome<KeptInvite>> {
    if (invite.seed.length !== INVITE_SEED_BYTES) throw new RangeError("an invite's seed has 32 bytes");
    const live = this.of(room).filter((other) => isLive(other, invite.nowMs));
    if (live.length >= INVITES_PER_ROOM_MAX) return fail("limit_reached", `invites: at most ${INVITES_PER_ROOM_MAX}`);
    const { expiresMs, uses, only } = invite;
    const id = inviteKeyOfSeed(invite.seed).publicKey;
    const forWhom = only === undefined ? {} : { only };
    const made: KeptInvite = { id, seed: keyText(invite.seed), expiresMs, uses, usedBy: [], ...forWhom };
    const kept = await this.#keep(room, [...live, made]);
    return kept.ok ? succeed(made) : kept;
  }

  async revoke(room: RoomId, id: InviteId): Promise<Outcome<void>> {
    return this.#keep(
      room,
      this.of(room).filter((invite) => invite.id !== id),
    );
  }

  /** Takes a place for this account. Durable when it resolves. */
  async use(room: RoomId, id: InviteId, account: AccountKey): Promise<Outcome<void>> {
    return this.#change(room, id, ({ usedBy }) => (usedBy.includes(account) ? usedBy : [...usedBy, account]));
  }

  /** The account was not let in after all. */
  async giveBack(room: RoomId, id: InviteId, account: AccountKey): Promise<Outcome<void>> {
    return this.#change(room, id, ({ usedBy }) => usedBy.filter((other) => other !== account));
  }

  #change(room: RoomId, id: InviteId, usedBy: (invite: KeptInvite) => AccountKey[]): Promise<Outcome<void>> {
    const changed = (invite: KeptInvite): KeptInvite =>
      invite.id === id ? { ...invite, usedBy: usedBy(invite) } : invite;
    return this.#keep(room, this.of(room).map(changed));
  }

  /** What the store refuses did not happen. */
  async #keep(room: RoomId, invites: readonly KeptInvite[]): Promise<Outcome<void>> {
    const before = this.of(room);
    this.#invitesByRoom.set(room, invites);
    const value = invites.length === 0 ? null : JSON.stringify(invites);
    const kept = await this.#history.commit([{ kind: "put-setting", name: invitesSetting(room), value }]);
    if (!kept.ok && this.#invitesByRoom.get(room) === invites) this.#invitesByRoom.set(room, before);
    return kept;
  }

  forget(room: RoomId): void {
    this.#invitesByRoom.delete(room);
  }
}

export function isLive({ expiresMs, uses, usedBy }: KeptInvite, nowMs: number): boolean {
  return nowMs < expiresMs && usedBy.length < uses;
}

export function seedOf({ seed }: KeptInvite): Uint8Array {
  return keyBytes(seed);
}

/** What cannot be read lets nobody in. */
function readInvites(text: string | undefined): readonly KeptInvite[] {
  const parsed = parseStrictJson(text ?? "[]");
  const decoded = parsed.ok ? decodeWith(keptInvites, parsed.value) : parsed;
  return decoded.ok ? decoded.value : [];
}
