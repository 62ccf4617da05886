import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountKey, DeviceKey, RoomId, RoomName, Signature, StartId, Username } from "@papo/protocol";
import { foldOf } from "../../src/repositories/name-order.ts";
import type { StoredRoom } from "../../src/repositories/room-repository.ts";
import type { KeyLogin } from "../../src/repositories/key-login.ts";
import type { DeviceStart, StoredIdentity, User } from "../../src/repositories/user-repository.ts";

// Records for tests of stores. The skeleton here is the lower-cased name: what a skeleton is, is not a store's business.

export const named = (name: string) => name as Username;

export function user(name: string, changes: Partial<User> = {}): User {
  return {
    username: named(name),
    skeleton: name.toLowerCase(),
    password: { kind: "argon2id", phc: `$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$${key(name)}` },
    weak: false,
    identity: null,
    unlatched: false,
    unlatchedMs: null,
    starts: [],
    createdAt: "2030-01-02T03:04:05.006Z",
    ...changes,
  };
}

export function room(name: string, owner: string, changes: Partial<StoredRoom> = {}): Omit<StoredRoom, "members"> {
  return {
    id: key(`room ${name}`) as RoomId,
    name: name as RoomName,
    fold: foldOf(name),
    kind: "open",
    owner: named(owner),
    capacity: 50,
    createdAt: "2030-01-02T03:04:05.006Z",
    ...changes,
  };
}

export function identity(of: string, version: number): StoredIdentity {
  const text = JSON.stringify({ v: 1, account: key(of), version });
  return {
    account: key(of) as AccountKey,
    statement: { text, sig: createHash("sha512").update(text).digest("base64url") as Signature },
    version,
  };
}

export function start(device: string, epoch: number, of = "once"): DeviceStart {
  return {
    device: key(device) as DeviceKey,
    epoch,
    start: (key(`${device} ${epoch} ${of}`).slice(0, 21) + "A") as StartId,
  };
}

/** A login with that identity, whose statement lists these devices. */
export function login(identity: StoredIdentity, devices: readonly string[] = [], started?: DeviceStart): KeyLogin {
  return { identity, devices: devices.map((name) => key(name) as DeviceKey), start: started };
}

/** 32 bytes that depend on the text only. */
export function key(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** A new empty folder that is removed when the test ends. */
export async function emptyFolder(test: { after(hook: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "papo-store-"));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
