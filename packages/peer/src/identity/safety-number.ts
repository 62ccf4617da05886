import { hash } from "node:crypto";
import { type AccountKey, accountKey, decodeWith } from "@papo/protocol";

// docs/protocol/identity.md §8. The construction is that of Signal's numeric fingerprints (version 0 of libsignal), with SHA-512
// and its number of rounds, over our keys and under a context of its own.

const CONTEXT = "papo/safety-number/1";
/** Rounds of SHA-512 a side. They cost us milliseconds once, and whoever looks for a key with the same digits that much each time. */
const ROUNDS = 5_200;
const GROUP_DIGITS = 5;
const GROUPS_A_SIDE = 6;
/** Each group is read from this many bytes, so that all its values are all but equally likely. */
const GROUP_BYTES = 5;

const CODE_PREFIX = "papo-verify:1:";

/**
 * What two people compare: 60 digits, the same on both sides, and other ones if either account has another key. Some milliseconds
 * of work: for a screen that asks, not for a list.
 */
export function safetyNumber(one: AccountKey, other: AccountKey): string {
  return [digitsOf(one), digitsOf(other)].toSorted().join("");
}

/** The number in the twelve groups of five in which it is shown and read out. */
export function safetyGroups(number: string): readonly string[] {
  return number.match(/\d{5}/gu) ?? [];
}

/** The text of the QR code: the whole keys, that of whom shows it first. */
export function verificationCode(own: AccountKey, other: AccountKey): string {
  return `${CODE_PREFIX}${own}:${other}`;
}

/**
 * What a scanned or pasted code says of the two keys. `own_code`: it is the one that we show ourselves, which proves nothing.
 * `mismatch`: one side sees another key than the other side has, or the code is about somebody else.
 */
export type ScannedCode = "match" | "mismatch" | "own_code" | "unreadable";

export function checkScanned(own: AccountKey, other: AccountKey, scanned: string): ScannedCode {
  const text = scanned.trim();
  if (!text.startsWith(CODE_PREFIX)) return "unreadable";
  const keys = text.slice(CODE_PREFIX.length).split(":");
  const [theirs, ours] = keys.map((key) => decodeWith(accountKey, key));
  if (keys.length !== 2 || theirs?.ok !== true || ours?.ok !== true) return "unreadable";
  if (theirs.value === other && ours.value === own) return "match";
  return theirs.value === own && ours.value === other ? "own_code" : "mismatch";
}

/** One side's 30 digits. */
function digitsOf(account: AccountKey): string {
  const key = Buffer.from(account, "base64url");
  let digest = hash("sha512", Buffer.concat([Buffer.from(`${CONTEXT}\0`, "utf8"), key, key]), "buffer");
  // One buffer serves all later rounds, which are of one length.
  const input = Buffer.concat([digest, key]);
  for (let round = 1; round < ROUNDS; round += 1) {
    input.set(digest);
    digest = hash("sha512", input, "buffer");
  }

  const groups = Array.from({ length: GROUPS_A_SIDE }, (_, group) =>
    digest.readUIntBE(group * GROUP_BYTES, GROUP_BYTES),
  );
  return groups.map((value) => String(value % 10 ** GROUP_DIGITS).padStart(GROUP_DIGITS, "0")).join("");
}
