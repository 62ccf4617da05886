import { createHash } from "node:crypto";
import { type PasswordHash, passwordHash } from "@papo/protocol";
import * as v from "valibot";

/** The report's hash of a password (§3). The text itself never leaves this function. */
export function hashPassword(password: string): PasswordHash {
  return v.parse(passwordHash, createHash("sha256").update(password, "utf8").digest("hex"));
}
