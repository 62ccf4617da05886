import { type AccountKey, type RoomId, type RoomName, skeletonOf, type Username } from "@papo/protocol";
import type { Repositories } from "@papo/tracker";
import { benchName, benchRoom } from "../measure/account-file.ts";
import { accountLines } from "./account-lines.ts";
import { storedSeedPassword } from "./seed-password.ts";

// Put into the store as they are: registering ten thousand accounts would take argon2id an hour.

export type Records = {
  readonly dialect: "papo" | "seed";
  readonly accountsPath: string;
  readonly accounts: number;
  readonly rooms: number;
  /** Members of one more room, all of them accounts, the first its owner; 0 for none. */
  readonly crowd: number;
};

const CREATED_AT = "2030-01-02T03:04:05.006Z";

export async function fillStore(store: Repositories, records: Records): Promise<void> {
  if (records.dialect === "papo") await addPapoAccounts(store, records);
  else await addSeedAccounts(store, records);
  for (let index = 0; index < records.rooms; index += 1) await addRoom(store, index, 50);
  if (records.crowd > 0) await addCrowd(store, records);
}

async function addPapoAccounts({ users }: Repositories, { accountsPath, accounts }: Records): Promise<void> {
  const password = await storedSeedPassword();
  for await (const { username, account, statement } of accountLines(accountsPath, accounts)) {
    const identity = { account: account as AccountKey, statement, version: 1 };
    await users.create({ ...named(username), password, weak: false, identity, createdAt: CREATED_AT });
  }
}

async function addSeedAccounts({ users }: Repositories, { accounts }: Records): Promise<void> {
  const password = await storedSeedPassword();
  for (let index = 0; index < accounts; index += 1) {
    await users.create({ ...named(benchName(index)), password, weak: true, identity: null, createdAt: CREATED_AT });
  }
}

function named(name: string) {
  return {
    ...{ username: name as Username, skeleton: skeletonOf(name) },
    ...{ unlatched: false, unlatchedMs: null, starts: [] },
  };
}

async function addRoom({ rooms }: Repositories, index: number, capacity: number): Promise<RoomId> {
  const { id, name } = benchRoom(index) as { readonly id: RoomId; readonly name: RoomName };
  const owner = benchName(index) as Username;
  await rooms.create({ id, name, fold: name, kind: "open", owner, capacity, createdAt: CREATED_AT }, "papo");
  return id;
}

async function addCrowd(store: Repositories, { rooms, crowd }: Records): Promise<void> {
  const id = await addRoom(store, rooms, crowd);
  for (let index = 0; index < crowd; index += 1) await store.rooms.join(id, benchName(index) as Username, "papo");
}
