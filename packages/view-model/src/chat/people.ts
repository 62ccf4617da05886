import type { Conversation, Message } from "@papo/peer/api";
import { OWN_MESSAGES_REMEMBERED_MAX, ROOMS_JOINED_MAX, type RoomId, type Username } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Language } from "../catalogue/language.ts";
import { shownMembers } from "../names/look-alikes.ts";
import { shownName } from "../names/shown-name.ts";
import type { ChatPeer } from "./chat-ports.ts";
import type { Eyes } from "./eyes.ts";
import { Mentions } from "./mentions.ts";

type RoomNames = { readonly nameByUser: ReadonlyMap<Username, string>; readonly version: number; isStale: boolean };

/** Who is who, and who matters how: names as they are shown, whom to leave out, what means this user. */
export class People implements Eyes {
  readonly texts: Catalogue;
  readonly language: Language;
  readonly #peer: ChatPeer;
  readonly #namesByRoom = new Map<RoomId, RoomNames>();
  #ignored: ReadonlySet<Username> = new Set();
  #mentions = new Mentions(undefined, []);
  #meant = "";
  #version = 0;
  /** Own messages that somebody may answer. The last ones. */
  readonly #own = new Set<string>();

  constructor(peer: ChatPeer, texts: Catalogue, language: Language) {
    this.#peer = peer;
    this.texts = texts;
    this.language = language;
  }

  /** The user may have made other choices: whom to ignore, what to be told of. */
  lookAtPreferences(): void {
    const self = this.#peer.self;
    const ignored = self === undefined ? [] : this.#peer.ignored();
    const words = self === undefined ? [] : this.#peer.highlightWords();
    const meant = JSON.stringify([self, words, ignored]);
    if (meant === this.#meant) return;
    this.#meant = meant;
    this.#ignored = new Set(ignored);
    this.#mentions = new Mentions(self, words);
    this.#version += 1;
  }

  // ---- names

  nameOf(of: Conversation, username: Username): string {
    if (of.kind === "private") return shownName(username);
    return this.#names(of.id).nameByUser.get(username) ?? shownName(username);
  }

  versionOf(of: Conversation | null): number {
    // Names are looked at anew at most this often, and mostly nothing has changed.
    return of?.kind === "room"
      ? this.#version * VERSIONS_MAX + this.#names(of.id).version
      : this.#version * VERSIONS_MAX;
  }

  /** Somebody came or went there, or has another key. */
  roomChanged(id: RoomId): void {
    const names = this.#namesByRoom.get(id);
    if (names !== undefined) names.isStale = true;
  }

  #names(id: RoomId): RoomNames {
    const known = this.#namesByRoom.get(id);
    if (known?.isStale === false) return known;
    const now = shownMembers(this.#peer.room(id)?.members ?? []);
    const isSame = known !== undefined && areAlike(known.nameByUser, now);
    const names = { nameByUser: now, version: (known?.version ?? 0) + (isSame ? 0 : 1), isStale: false };
    if (this.#namesByRoom.size >= 2 * ROOMS_JOINED_MAX) this.#namesByRoom.clear();
    this.#namesByRoom.set(id, names);
    return names;
  }

  // ---- who matters

  isIgnored(username: Username): boolean {
    return this.#ignored.has(username);
  }

  /** Speaks of this user, or answers what this user said. */
  isMention(message: Message): boolean {
    if (message.own) return false;
    const replyTo = message.kept?.replyTo ?? null;
    if (replyTo !== null && this.#isOwn(message, replyTo)) return true;
    return this.#mentions.has(message.content);
  }

  #isOwn({ conversation }: Message, id: Message["id"]): boolean {
    return this.#own.has(id) || this.lookUp(conversation, id)?.own === true;
  }

  remember(message: Message): void {
    if (!message.own) return;
    this.#own.add(message.id);
    const [oldest] = this.#own;
    if (this.#own.size > OWN_MESSAGES_REMEMBERED_MAX && oldest !== undefined) this.#own.delete(oldest);
  }

  lookUp(of: Conversation, id: Message["id"]): Message | undefined {
    const found = this.#peer.message({ conversation: of, id });
    return found.ok ? found.value : undefined;
  }
}

/** More than names of one room can change. */
const VERSIONS_MAX = 1_000_000;

function areAlike(one: ReadonlyMap<Username, string>, other: ReadonlyMap<Username, string>): boolean {
  if (one.size !== other.size) return false;
  for (const [username, name] of one) if (other.get(username) !== name) return false;
  return true;
}
