import { argon2, createHash, randomBytes, timingSafeEqual } from "node:crypto";
import {
  ARGON2_CONCURRENT_MAX,
  ARGON2_MEMORY_KIB,
  ARGON2_PASSES,
  ARGON2_QUEUE_MAX,
  type Outcome,
  type PasswordHash,
  fail,
  succeed,
} from "@papo/protocol";
import type { StoredPassword } from "../repositories/user-repository.ts";
import { BoundedWork } from "./bounded-work.ts";
import { type Argon2Cost, type PhcText, formatPhc, parsePhc } from "./phc.ts";

const SALT_BYTES = 16;
const TAG_BYTES = 32;

const COST: Argon2Cost = { memoryKib: ARGON2_MEMORY_KIB, passes: ARGON2_PASSES };

/** The one expensive step: TAG_BYTES from a password and a salt. */
export type DeriveKey = (password: PasswordHash, salt: Uint8Array, cost: Argon2Cost) => Promise<Uint8Array>;

export type PasswordCheck = {
  readonly isRight: boolean;
  /** What to store instead, when a right password was stored in the report's way. */
  readonly upgrade: StoredPassword | undefined;
};

/**
 * Passwords at rest (argon2id, RFC 9106) over the report's hash. Every check costs exactly one computation, whether the user exists or
 * not and however the password is stored, and no more than a few run at once.
 */
export class Passwords {
  readonly #cost: Argon2Cost;
  readonly #derive: DeriveKey;
  readonly #work: BoundedWork;
  /** What a user who does not exist is compared with. */
  readonly #nobody: PhcText;

  constructor(derive: DeriveKey = argon2id, cost: Argon2Cost = COST) {
    this.#derive = derive;
    this.#cost = cost;
    this.#work = new BoundedWork({ concurrent: ARGON2_CONCURRENT_MAX, waiting: ARGON2_QUEUE_MAX });
    this.#nobody = { ...cost, salt: randomBytes(SALT_BYTES), tag: randomBytes(TAG_BYTES) };
  }

  /** Computations under way and waiting. */
  get queued(): number {
    return this.#work.size;
  }

  /** Busy when too many wait already. */
  async hash(password: PasswordHash): Promise<Outcome<StoredPassword>> {
    const salt = randomBytes(SALT_BYTES);
    const tag = await this.#work.run(() => this.#derive(password, salt, this.#cost));
    if (tag === "full") return fail("busy", "a shorter queue of logins");
    return succeed({ kind: "argon2id", phc: formatPhc({ ...this.#cost, salt, tag }) });
  }

  /** `stored` is undefined for a user who does not exist. */
  async check(password: PasswordHash, stored: StoredPassword | undefined): Promise<Outcome<PasswordCheck>> {
    if (stored?.kind === "sha256") return this.#checkAndUpgrade(password, stored.hex);
    const known = stored === undefined ? undefined : parsePhc(stored.phc);
    const against = known ?? this.#nobody;
    const tag = await this.#work.run(() => this.#derive(password, against.salt, against));
    if (tag === "full") return fail("busy", "a shorter queue of logins");
    const isRight = timingSafeEqual(tag, against.tag) && known !== undefined;
    return succeed({ isRight, upgrade: undefined });
  }

  async #checkAndUpgrade(password: PasswordHash, hex: string): Promise<Outcome<PasswordCheck>> {
    const upgrade = await this.hash(password);
    if (!upgrade.ok) return upgrade;
    const isRight = timingSafeEqual(digest(password), digest(hex.toLowerCase()));
    return succeed({ isRight, upgrade: isRight ? upgrade.value : undefined });
  }
}

const argon2id: DeriveKey = (password, salt, { memoryKib: memory, passes }) => {
  return new Promise((resolve, reject) => {
    argon2(
      "argon2id",
      { message: password, nonce: salt, parallelism: 1, tagLength: TAG_BYTES, memory, passes },
      (error, tag) => (error === null ? resolve(tag) : reject(error)),
    );
  });
};

/** Of one length, so that the comparison can take constant time. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
