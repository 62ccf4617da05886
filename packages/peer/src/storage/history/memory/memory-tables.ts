import type { AccountKey, RoomId } from "@papo/protocol";
import type { HistoryChange, SearchResult } from "../history.ts";
import { type Wanted, isFoundIn } from "../search-words.ts";
import { MemoryChat } from "./memory-chat.ts";
import { MemoryRoom } from "./memory-room.ts";

/** What a history keeps, as maps. Changes are made by `apply` alone. */
export class MemoryTables {
  readonly #roomById = new Map<RoomId, MemoryRoom>();
  readonly #chatByAccount = new Map<AccountKey, MemoryChat>();
  readonly settings = new Map<string, string>();
  #arrival = 0;

  apply(changes: readonly HistoryChange[]): void {
    for (const change of changes) this.#apply(change);
  }

  rooms(): readonly MemoryRoom[] {
    return [...this.#roomById.values()];
  }

  chats(): readonly MemoryChat[] {
    return [...this.#chatByAccount.values()];
  }

  /** One that is not there is empty. */
  room(id: RoomId): MemoryRoom {
    return this.#roomById.get(id) ?? new MemoryRoom();
  }

  chat(account: AccountKey): MemoryChat {
    return this.#chatByAccount.get(account) ?? new MemoryChat();
  }

  /** Newest first. */
  found(
    wanted: Wanted,
    place: { readonly room?: RoomId | undefined; readonly account?: AccountKey | undefined },
  ): SearchResult[] {
    const rooms = place.account !== undefined ? [] : place.room === undefined ? this.rooms() : [this.room(place.room)];
    const chats =
      place.room !== undefined ? [] : place.account === undefined ? this.chats() : [this.chat(place.account)];
    const results: { readonly arrival: number; readonly result: SearchResult }[] = [];
    for (const line of rooms.flatMap((room) => room.texts())) {
      if (isFoundIn(line.text ?? "", wanted)) results.push({ arrival: line.arrival, result: { kind: "room", line } });
    }
    for (const line of chats.flatMap((chat) => chat.texts())) {
      if (isFoundIn(line.text, wanted)) results.push({ arrival: line.position, result: { kind: "private", line } });
    }
    return results.sort((one, other) => other.arrival - one.arrival).map(({ result }) => result);
  }

  #apply(change: HistoryChange): void {
    const nextArrival = () => ++this.#arrival;
    switch (change.kind) {
      case "put-room":
        this.#keptRoom(change.room.id).record = change.room;
        break;
      case "forget-room":
        this.#roomById.delete(change.id);
        break;
      case "put-entry":
        this.#keptRoom(change.entry.room).put(change.entry, nextArrival);
        break;
      case "put-signature":
        this.room(change.room).change(change.id, { signature: change.signature });
        break;
      case "put-body":
        this.room(change.room).change(change.id, { body: change.body, text: change.text });
        break;
      case "drop-body":
        this.room(change.room).change(change.id, { body: null, text: null });
        break;
      case "set-effective":
        this.room(change.room).change(change.id, { effective: change.effective });
        break;
      case "set-void":
        this.room(change.room).setVoid(change);
        break;
      case "put-head":
        this.#keptRoom(change.room).putHead(change);
        break;
      case "put-missing":
        this.#keptRoom(change.room).putMissing(change.missing, change.dependent);
        break;
      case "remove-missing":
        this.room(change.room).removeMissing(change.missing);
        break;
      case "put-receipt":
        this.#keptRoom(change.receipt.room).putReceipt(change.receipt);
        break;
      case "put-chat":
        this.#keptChat(change.chat.account).record = change.chat;
        break;
      case "put-private":
        this.#keptChat(change.message.account).put(change.message, nextArrival);
        break;
      case "put-progress":
        this.#keptChat(change.progress.account).putProgress(change.progress);
        break;
      case "remove-progress":
        this.chat(change.account).removeProgress(change);
        break;
      case "put-setting":
        if (change.value === null) this.settings.delete(change.name);
        else this.settings.set(change.name, change.value);
    }
  }

  #keptRoom(id: RoomId): MemoryRoom {
    const room = this.room(id);
    this.#roomById.set(id, room);
    return room;
  }

  #keptChat(account: AccountKey): MemoryChat {
    const chat = this.chat(account);
    this.#chatByAccount.set(account, chat);
    return chat;
  }
}
