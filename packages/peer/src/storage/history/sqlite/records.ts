import type { DeviceKey } from "@papo/protocol";
import type { StoredChat, StoredRoom } from "../history.ts";

/** A room as one text: it is only ever read whole. */
export function encodeRoom({ base, ...room }: StoredRoom): string {
  return JSON.stringify({ ...room, base: [...base] });
}

export function decodeRoom(record: string): StoredRoom {
  const { base, ...room } = JSON.parse(record) as Omit<StoredRoom, "base"> & { base: [DeviceKey, number][] };
  return { ...room, base: new Map(base) };
}

export function encodeChat(chat: StoredChat): string {
  return JSON.stringify(chat);
}

export function decodeChat(record: string): StoredChat {
  return JSON.parse(record) as StoredChat;
}
