import type { AccountKey, Outcome, Username } from "@papo/protocol";
import type { HistoryChange, HistoryWriter, StoredChat } from "../../storage/history/history.ts";

/**
 * A chat's row as it is now, on its way to the disk. Who writes anything about the chat writes the row too while that has not been stored, so
 * that no message is kept without its chat.
 */
export class ChatRecord {
  readonly account: AccountKey;
  readonly #history: HistoryWriter;
  #value: StoredChat | undefined;
  #version = 0;
  #storedVersion = 0;

  constructor(account: AccountKey, history: HistoryWriter, value: StoredChat | undefined) {
    this.account = account;
    this.#history = history;
    this.#value = value;
  }

  get value(): StoredChat | undefined {
    return this.#value;
  }

  /** Changes the row here at once. Gives the way back, for when it could not be stored; it leads nowhere once it was. */
  set(username: Username, change: Partial<Omit<StoredChat, "account">>): () => void {
    const before = this.#value;
    this.#value = { account: this.account, state: "open", readUpTo: 0, ...before, username, ...change };
    const version = ++this.#version;
    return () => {
      if (this.#storedVersion >= version) return;
      // Only what was changed here: somebody else may have changed the rest meanwhile.
      if (before !== undefined && this.#value !== undefined) this.#value = { ...this.#value, ...pick(before, change) };
      // A chat that is talked in may have been built upon: what waits for the disk will bring it there. A mere question is asked anew.
      if (before === undefined && this.#value?.state === "asked") this.#value = undefined;
      this.#version += 1;
    };
  }

  /** One durable unit, with the row where that has to be written. */
  async commit(changes: readonly HistoryChange[]): Promise<Outcome<void>> {
    const version = this.#version;
    const chat = version > this.#storedVersion ? this.#value : undefined;
    const row: readonly HistoryChange[] = chat === undefined ? [] : [{ kind: "put-chat", chat }];
    const committed = await this.#history.commit([...row, ...changes]);
    if (!committed.ok) return committed;
    this.#storedVersion = Math.max(this.#storedVersion, version);
    // Taken back while it was on its way: a chat that is on the disk exists.
    if (chat !== undefined) this.#value ??= chat;
    return committed;
  }
}

function pick(from: StoredChat, names: object): Partial<StoredChat> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name in names));
}
