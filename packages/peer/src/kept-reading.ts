import { type AccountKey, HISTORY_PAGE_MAX, type Outcome, type Username, fail, succeed } from "@papo/protocol";
import type { Conversation, Explanation, Message, MessageReference, PersonExplanation, SearchHit } from "./api.ts";
import { explainPerson } from "./conversations/kept/explain.ts";
import type { KeptRooms } from "./conversations/kept/kept-rooms.ts";
import type { KeptPrivateChats } from "./conversations/private/kept-private-chats.ts";
import type { KnownPeople } from "./known-people.ts";
import type { History, PrivateLine } from "./storage/history/history.ts";

export type KeptReadingPorts = {
  readonly history: History;
  readonly rooms: KeptRooms;
  readonly privateChats: KeptPrivateChats;
  readonly people: KnownPeople;
};

export type KeptConversation = { readonly conversation: Conversation; readonly title: string; readonly unread: number };

/** What is kept of rooms and private chats alike, as one: search, lists, export, explanations. */
export class KeptReading {
  readonly #ports: KeptReadingPorts;

  constructor(ports: KeptReadingPorts) {
    this.#ports = ports;
  }

  async search(
    text: string,
    { in: within, offset = 0 }: { readonly in?: Conversation; readonly offset?: number },
  ): Promise<Outcome<readonly SearchHit[]>> {
    const { history, people } = this.#ports;
    const room = within?.kind === "room" ? within.id : undefined;
    const account = within?.kind === "private" ? people.accountOf(within.username) : undefined;
    if (within?.kind === "private" && account === undefined) return succeed([]);
    const found = await history.search({ text, room, account, offset });
    if (!found.ok) return found;
    const hits = found.value.flatMap((result) =>
      result.kind === "room" ? (this.#ports.rooms.reading.hit(result.line) ?? []) : this.#hitOf(result.line),
    );
    // An edit and what it edited are one message.
    return succeed([...new Map(hits.map((hit) => [hit.message.id, hit])).values()]);
  }

  #hitOf(line: PrivateLine): readonly SearchHit[] {
    const message = this.#ports.privateChats.present(line);
    return message.kept === undefined ? [] : [{ message, cursor: message.kept.cursor }];
  }

  /** The newest activity first. */
  conversations(): readonly KeptConversation[] {
    const rooms = this.#ports.rooms.reading.conversations().map(({ id, title, unread, atMs }) => ({
      atMs,
      shown: { conversation: { kind: "room", id } as const, title, unread },
    }));
    const chats = this.#ports.privateChats.conversations().map(({ username, unread, lastMs }) => ({
      atMs: lastMs,
      shown: { conversation: { kind: "private", username } as const, title: username, unread },
    }));
    return [...rooms, ...chats].toSorted((one, other) => other.atMs - one.atMs).map(({ shown }) => shown);
  }

  eachMessage(of: Conversation): Outcome<AsyncIterable<Message>> {
    if (of.kind === "room") return this.#ports.rooms.reading.eachMessage(of.id);
    const { privateChats } = this.#ports;
    return succeed(eachOf(privateChats.lines(of.username), (line) => privateChats.present(line)));
  }

  /** Private messages are not signed: the sender's device and number stand for what there is. */
  exportHistory(of: Conversation): Outcome<AsyncIterable<string>> {
    if (of.kind === "room") return this.#ports.rooms.reading.exportHistory(of.id);
    return succeed(eachOf(this.#ports.privateChats.lines(of.username), jsonLine));
  }

  why(about: MessageReference | { readonly username: Username }): Outcome<Explanation> {
    if ("username" in about) return this.#whyPerson(about.username);
    const { conversation } = about;
    if (conversation.kind === "room") return this.#ports.rooms.reading.why(about);
    const message = this.#ports.privateChats.message(conversation.username, about.id);
    const account = this.#ports.people.accountOf(conversation.username);
    if (message === undefined || account === undefined)
      return fail("message_missing", "message: expected one that is kept here");
    const person = this.#person(conversation.username, account);
    return succeed({ about: { kind: "message", message }, people: [whereItStands(person, message)] });
  }

  #whyPerson(username: Username): Outcome<Explanation> {
    const account = this.#ports.people.accountOf(username);
    if (account === undefined) return fail("peer_missing", "username: expected somebody whom we know");
    const person = this.#person(username, account);
    const reason = this.#ports.privateChats.whyWaiting(account) ?? person.reason;
    const attempts = this.#ports.people.attempts(username);
    return succeed({ about: { kind: "person", username }, people: [{ ...person, reason, attempts }] });
  }

  #person(username: Username, account: AccountKey): PersonExplanation {
    return explainPerson(username, account, this.#ports);
  }
}

function whereItStands(person: PersonExplanation, { delivery }: Message): PersonExplanation {
  if (delivery === null) return { ...person, has: "stored" };
  if (delivery.kind === "held") return { ...person, has: "waiting", reason: delivery.reason };
  if (delivery.kind === "undeliverable") return { ...person, has: "waiting", reason: delivery.reason };
  if ((delivery.read ?? 0) > 0) return { ...person, has: "read", reason: null };
  return delivery.received > 0 ? { ...person, has: "stored", reason: null } : { ...person, has: "sent" };
}

async function* eachOf<T>(lines: Iterable<PrivateLine>, make: (line: PrivateLine) => T): AsyncIterable<T> {
  let read = 0;
  for (const line of lines) {
    yield make(line);
    read += 1;
    // Others may have something to do in between.
    if (read % HISTORY_PAGE_MAX === 0) await Promise.resolve();
  }
}

function jsonLine({ id, device, own, seq, prev, text, sentMs, arrivedMs }: PrivateLine): string {
  return `${JSON.stringify({ id, device, own, seq, prev, text, sentMs, arrivedMs })}\n`;
}
