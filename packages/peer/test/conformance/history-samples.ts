import { createHash } from "node:crypto";
import type { AccountKey, Chain, DeviceKey, EntryId, MessageId, RoomId, Signature, Username } from "@papo/protocol";
import type {
  HistoryChange,
  StoredChat,
  StoredEntry,
  StoredPrivateMessage,
  StoredRoom,
} from "../../src/storage/history/history.ts";

// Records for tests of histories. Nothing here is signed: what an entry says is not a store's business.

/** 32 bytes that depend on the text only. */
export function key(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

const bytes = (text: string) => new TextEncoder().encode(text);
export const roomId = (name: string) => key(`room ${name}`) as RoomId;
export const device = (name: string) => key(`device ${name}`) as DeviceKey;
export const account = (name: string) => key(`account ${name}`) as AccountKey;
export const entryId = (name: string) => key(`entry ${name}`) as EntryId;
export const messageId = (name: string) => key(`message ${name}`).slice(0, 22) as MessageId;

export function room(name: string, changes: Partial<StoredRoom> = {}): StoredRoom {
  return {
    id: roomId(name),
    name: name,
    kind: "open",
    state: "member",
    readUpTo: 0,
    base: new Map(),
    ...changes,
  };
}

/** Number `seq` of that author's content chain, unless told otherwise. */
export function entry(inRoom: string, author: string, seq: number, changes: Partial<StoredEntry> = {}): StoredEntry {
  const chain: Chain = changes.chain ?? "content";
  const name = (n: number) => entryId(`${inRoom} ${author} ${chain} ${n}`);
  const text = `${author} says ${seq}`;
  return {
    room: roomId(inRoom),
    id: name(seq),
    author: device(author),
    chain,
    seq,
    prev: seq === 1 ? null : name(seq - 1),
    effective: seq,
    kind: chain === "content" ? "message" : "topic",
    header: bytes(JSON.stringify({ room: roomId(inRoom), author: device(author), chain, seq })),
    signature: null,
    body: bytes(`salt salt salt 16${JSON.stringify({ text })}`),
    target: null,
    text,
    shown: chain === "content",
    isVoid: false,
    arrivedMs: 1_900_000_000_000 + seq,
    ...changes,
  };
}

export const put = (stored: StoredEntry): HistoryChange => ({ kind: "put-entry", entry: stored });
export const putRoom = (stored: StoredRoom): HistoryChange => ({ kind: "put-room", room: stored });

export function chat(name: string, changes: Partial<StoredChat> = {}): StoredChat {
  return { account: account(name), username: name as Username, state: "open", readUpTo: 0, ...changes };
}

export function message(
  withWhom: string,
  author: string,
  seq: number | null,
  changes: Partial<StoredPrivateMessage> = {},
): StoredPrivateMessage {
  return {
    account: account(withWhom),
    id: messageId(`${withWhom} ${author} ${seq}`),
    device: device(author),
    own: false,
    seq,
    prev: null,
    text: `${author} whispers ${seq}`,
    sentMs: 1_900_000_000_000,
    arrivedMs: 1_900_000_000_001,
    encrypted: true,
    supersedes: null,
    shown: true,
    afterGap: false,
    forked: false,
    ...changes,
  };
}

export const putMessage = (stored: StoredPrivateMessage): HistoryChange => ({ kind: "put-private", message: stored });

export const signature = (name: string) => Uint8Array.from(createHash("sha512").update(name).digest());
export const signatureText = (name: string) => Buffer.from(signature(name)).toString("base64url") as Signature;
