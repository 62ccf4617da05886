import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createAccountKey,
  createDeviceKey,
  createSealKey,
  createTlsIdentity,
  signStatement,
  type TlsIdentity,
} from "@papo/link";
import type { SignedText } from "@papo/protocol";

/** What a device has on disk, and what a tracker stores of it. One to a line in the file, so that a part reads it without holding it. */
export type BenchAccount = {
  readonly username: string;
  readonly account: string;
  readonly statement: SignedText;
  readonly tls: TlsIdentity;
};

const ADDED = "2030-01-02T03:04:05.006Z";

let made: string | undefined;

/** A file of 10,000 accounts with keys of their own; made once, gone when the benchmarks end. */
export function accountFile(): string {
  made ??= writeAccounts(10_000);
  return made;
}

/** Names of one length, so that answers about any of them have one length too. */
export function benchName(index: number): string {
  return `bench${String(index).padStart(6, "0")}`;
}

/** The room with that number, whose owner is the account with that number. */
export function benchRoom(index: number): { readonly id: string; readonly name: string } {
  const name = `room ${String(index).padStart(6, "0")}`;
  return { name, id: createHash("sha256").update(name).digest("base64url") };
}

function writeAccounts(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), "papo-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "accounts.jsonl");
  const lines = Array.from({ length: count }, (_, index) => JSON.stringify(newAccount(index)));
  writeFileSync(path, `${lines.join("\n")}\n`, { mode: 0o600 });
  return path;
}

function newAccount(index: number): BenchAccount {
  const keys = createAccountKey();
  const tls = createTlsIdentity();
  const device = {
    device: createDeviceKey().publicKey,
    tls: tls.key,
    seal: createSealKey().publicKey,
    added: ADDED,
    revoked: null,
  };
  const statement = signStatement(keys, {
    v: 1,
    account: keys.publicKey,
    version: 1,
    prev: null,
    devices: [device],
  });
  return { username: benchName(index), account: keys.publicKey, statement, tls };
}
