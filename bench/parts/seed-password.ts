import { createHash } from "node:crypto";
import type { PasswordHash } from "@papo/protocol";
import type { TrackerOptions } from "@papo/tracker";

/** What every seed account of the benchmarks sends. */
export const SEED_PASSWORD = createHash("sha256").update("bench").digest("hex") as PasswordHash;

/** In argon2id's place: ten thousand of those would take minutes, and leave nothing in a session's memory. */
export const quickDeriveKey: NonNullable<TrackerOptions["deriveKey"]> = async (password, salt) =>
  createHash("sha256").update(password).update(salt).digest();

const SALT = Buffer.alloc(16, 7);

export async function storedSeedPassword(): Promise<{ readonly kind: "argon2id"; readonly phc: string }> {
  const tag = await quickDeriveKey(SEED_PASSWORD, SALT, { memoryKib: 8, passes: 1 });
  return { kind: "argon2id", phc: `$argon2id$v=19$m=8,t=1,p=1$${base64(SALT)}$${base64(tag)}` };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/u, "");
}
