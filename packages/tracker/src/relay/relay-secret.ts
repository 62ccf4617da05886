import { randomBytes } from "node:crypto";
import { type FileOutcome, readOrCreatePrivateFile } from "@papo/link";
import { TICKET_SECRET_BYTES } from "./tickets.ts";

/** What a tracker and a relay elsewhere share: a 0600 file in a folder that is private already or is made so; made if it is missing. */
export async function openRelaySecret(path: string): Promise<FileOutcome<Uint8Array>> {
  const file = await readOrCreatePrivateFile(path, () => `${randomBytes(TICKET_SECRET_BYTES).toString("base64url")}\n`);
  if (!file.ok) return file;
  const text = file.value.trim();
  const isOurs = /^[A-Za-z0-9_-]{43}$/u.test(text);
  if (!isOurs) return { ok: false, problem: { kind: "failed", path, code: "damaged" } };
  return { ok: true, value: Buffer.from(text, "base64url") };
}
