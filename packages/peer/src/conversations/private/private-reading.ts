import {
  type AccountKey,
  type DeviceKey,
  HISTORY_PAGE_MAX,
  type MessageId,
  type Outcome,
  type Username,
  fault,
  succeed,
} from "@papo/protocol";
import type { Delivery, HistoryCursor, HistoryPage, Message } from "../../api.ts";
import type { HistoryReader, PrivateLine, StoredChat, StoredPrivateMessage } from "../../storage/history/history.ts";
import { isAsking } from "./contact-desk.ts";
import { type PageRequest, cursorAt, pageOf, presentLine } from "./private-lines.ts";

export type PrivateReadingPorts = {
  readonly history: HistoryReader;
  readonly self: { readonly username: Username; readonly device: DeviceKey };
  /** Every chat that there is, requests and refused ones included. */
  readonly rows: () => readonly StoredChat[];
  readonly nameOf: (account: AccountKey) => Username | undefined;
  /** Nobody here has to read what they write. */
  readonly isIgnored: (username: Username) => boolean;
  /** Where an own message of this device's chain stands. */
  readonly delivery: (account: AccountKey, seq: number) => Delivery | undefined;
};

export type PrivateConversation = {
  readonly username: Username;
  readonly unread: number;
  /** When something was last written or came; 0: never. */
  readonly lastMs: number;
};

/** What was said in private, as front ends see it: by name, whatever keys that name had. */
export class PrivateReading {
  readonly #ports: PrivateReadingPorts;

  constructor(ports: PrivateReadingPorts) {
    this.#ports = ports;
  }

  page(username: Username, request: PageRequest): Outcome<HistoryPage> {
    const found = pageOf(this.#ports.history, this.#accountsOf(username), request);
    if (!found.ok) return found;
    const { lines, before, after } = found.value;
    return succeed({ messages: lines.map((line) => this.present(line)), before, after });
  }

  /** One line as it is now. */
  message(username: Username, id: MessageId): Message | undefined {
    for (const account of this.#accountsOf(username)) {
      const line = this.#ports.history.privateById(account, id);
      if (line !== undefined) return this.present(line);
    }
    return undefined;
  }

  /** Oldest first, read page by page. */
  *lines(username: Username): Iterable<PrivateLine> {
    let request: PageRequest = { after: cursorAt(0) };
    for (;;) {
      const page = pageOf(this.#ports.history, this.#accountsOf(username), request);
      if (!page.ok) return;
      yield* page.value.lines;
      if (page.value.after === null) return;
      request = { after: page.value.after };
    }
  }

  unread(username: Username): { readonly count: number; readonly first: HistoryCursor | null } {
    const { history, isIgnored } = this.#ports;
    if (isIgnored(username)) return { count: 0, first: null };
    const unread = this.rowsOf(username).filter(({ account }) => history.unreadPrivate(account) > 0);
    const count = unread.reduce((sum, { account }) => sum + history.unreadPrivate(account), 0);
    const firsts = unread.flatMap(({ account, readUpTo }) => {
      const after = history.privateLines(account, { after: readUpTo, limit: HISTORY_PAGE_MAX });
      return after.find(({ own }) => !own) ?? after.slice(-1);
    });
    const first = firsts.toSorted((a, b) => a.position - b.position)[0];
    return { count, first: first === undefined ? null : cursorAt(first.position) };
  }

  /** Those that the user talks with, the newest first. */
  conversations(): readonly PrivateConversation[] {
    const { history } = this.#ports;
    const talks = this.#ports.rows().filter(({ state }) => state === "open" || isAsking(state));
    const names = new Set(talks.map(({ username }) => username));
    const found = [...names].map((username) => {
      const newest = this.#accountsOf(username).flatMap((account) => history.privateLines(account, { limit: 1 }));
      const lastMs = Math.max(0, ...newest.map(({ arrivedMs }) => arrivedMs));
      return { username, unread: this.unread(username).count, lastMs };
    });
    return found.toSorted((a, b) => b.lastMs - a.lastMs);
  }

  /** One name may have had other keys before: what was said then is its history too. What was never accepted is nobody's. */
  rowsOf(username: Username): readonly StoredChat[] {
    const isTalk = ({ state }: StoredChat): boolean => state !== "asked" && state !== "ignored";
    return this.#ports.rows().filter((row) => row.username === username && isTalk(row));
  }

  #accountsOf(username: Username): readonly AccountKey[] {
    return this.rowsOf(username).map(({ account }) => account);
  }

  /** One line as front ends see it; of a chat that there is. */
  present(line: StoredPrivateMessage & { readonly position?: number }): Message {
    const { self, nameOf } = this.#ports;
    const other = nameOf(line.account);
    if (other === undefined) throw new TypeError("a line belongs to a chat");
    return presentLine(line, { self: self.username, other }, line.own ? this.#delivery(line) : null);
  }

  /** An own line that was written a moment ago, without a look at the disk. */
  presentAtEnd(line: StoredPrivateMessage, other: Username): Message {
    const held: Delivery = { kind: "held", reason: fault("closed", "logged out") };
    return presentLine(line, { self: this.#ports.self.username, other }, held);
  }

  /** Where an own line stands: itself, or what was sent in its place. */
  #delivery(line: StoredPrivateMessage): Delivery {
    const { self, history, delivery } = this.#ports;
    const { account, device, id } = line;
    const current = device === self.device ? line : history.privateSuperseding(account, { device, id });
    const isOurs = current?.device === self.device && current.seq !== null;
    const standing = isOurs && current.seq !== null ? delivery(account, current.seq) : undefined;
    return standing ?? { kind: "sent", received: 1, silent: 0, of: 1 };
  }
}
