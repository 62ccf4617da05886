import {
  HIGHLIGHT_WORDS_MAX,
  HIGHLIGHT_WORD_CHARS_MAX,
  IGNORED_PEOPLE_MAX,
  NOTIFY_LEVELS_MAX,
  type Outcome,
  type Username,
  decodeWith,
  fail,
  parseStrictJson,
  succeed,
  username,
} from "@papo/protocol";
import * as v from "valibot";
import type { Conversation, NotifyLevel, PeerEvent } from "./api.ts";
import { conversationKey } from "./conversations/timelines.ts";
import type { EpochStore } from "./identity/epochs.ts";
import { Turns } from "./turns.ts";

export type PreferencesPorts = {
  readonly settings: EpochStore;
  readonly self: Username;
  readonly emit: (event: PeerEvent) => void;
};

const level = v.picklist(["all", "mentions", "none"]);
const levels = v.pipe(v.array(v.tuple([v.string(), level])), v.maxLength(NOTIFY_LEVELS_MAX));
const people = v.pipe(v.array(username), v.maxLength(IGNORED_PEOPLE_MAX));
const word = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(HIGHLIGHT_WORD_CHARS_MAX),
  v.check((text) => text.isWellFormed()),
);
const words = v.pipe(v.array(word), v.maxLength(HIGHLIGHT_WORDS_MAX));

const SETTINGS = { levels: "notify-levels", ignored: "ignored", words: "highlight-words" } as const;

/** What this user wants to hear of, and what not: kept with the account's history, and its own affair. */
export class Preferences {
  readonly #ports: PreferencesPorts;
  /** Each change is made to what the one before left. */
  readonly #turns = new Turns(1);
  /** By `conversationKey`; `all` is not kept. */
  #levelByKey: ReadonlyMap<string, NotifyLevel>;
  #ignored: ReadonlySet<Username>;
  #words: readonly string[];

  constructor(ports: PreferencesPorts) {
    this.#ports = ports;
    this.#levelByKey = new Map(this.#read(SETTINGS.levels, levels));
    this.#ignored = new Set(this.#read(SETTINGS.ignored, people));
    this.#words = this.#read(SETTINGS.words, words) ?? [];
  }

  notifyLevel(of: Conversation): NotifyLevel {
    return this.#levelByKey.get(conversationKey(of)) ?? "all";
  }

  get ignored(): readonly Username[] {
    return [...this.#ignored];
  }

  isIgnored(name: Username): boolean {
    return this.#ignored.has(name);
  }

  get highlightWords(): readonly string[] {
    return this.#words;
  }

  setNotifyLevel(of: Conversation, wanted: NotifyLevel): Promise<Outcome<NotifyLevel>> {
    return this.#turns.take(async () => {
      if (!decodeWith(level, wanted).ok) return fail("invalid_message", "level: expected all, mentions or none");
      const next = new Map(this.#levelByKey);
      next.delete(conversationKey(of));
      if (wanted !== "all") next.set(conversationKey(of), wanted);
      if (next.size > NOTIFY_LEVELS_MAX) return fail("limit_reached", `levels: at most ${NOTIFY_LEVELS_MAX}`);
      const kept = await this.#keep(SETTINGS.levels, [...next], () => (this.#levelByKey = next));
      return kept.ok ? succeed(wanted) : kept;
    });
  }

  setIgnored(name: Username, on: boolean): Promise<Outcome<Username>> {
    return this.#turns.take(async () => {
      if (!decodeWith(username, name).ok || name === this.#ports.self)
        return fail("peer_missing", "username: expected somebody else");
      const next = new Set(this.#ignored);
      next.delete(name);
      if (on) next.add(name);
      if (next.size > IGNORED_PEOPLE_MAX) return fail("limit_reached", `ignored: at most ${IGNORED_PEOPLE_MAX}`);
      const kept = await this.#keep(SETTINGS.ignored, [...next], () => (this.#ignored = next));
      return kept.ok ? succeed(name) : kept;
    });
  }

  setHighlightWords(wanted: readonly string[]): Promise<Outcome<readonly string[]>> {
    return this.#turns.take(async () => {
      if (wanted.length > HIGHLIGHT_WORDS_MAX) return fail("limit_reached", `words: at most ${HIGHLIGHT_WORDS_MAX}`);
      const decoded = decodeWith(words, wanted);
      if (!decoded.ok) return fail("bad_text", `words: 1 to ${HIGHLIGHT_WORD_CHARS_MAX} characters each`);
      const next = [...new Set(decoded.value)];
      const kept = await this.#keep(SETTINGS.words, next, () => (this.#words = next));
      return kept.ok ? succeed(next) : kept;
    });
  }

  async #keep(setting: string, value: unknown, take: () => void): Promise<Outcome<void>> {
    const kept = await this.#ports.settings.keep(setting, JSON.stringify(value));
    if (!kept.ok) return kept;
    take();
    this.#ports.emit({ kind: "preferences-changed" });
    return kept;
  }

  /** What does not read back counts as not chosen. */
  #read<Schema extends v.GenericSchema>(setting: string, schema: Schema): v.InferOutput<Schema> | undefined {
    const text = this.#ports.settings.setting(setting);
    if (text === undefined) return undefined;
    const parsed = parseStrictJson(text);
    const decoded = parsed.ok ? decodeWith(schema, parsed.value) : parsed;
    return decoded.ok ? decoded.value : undefined;
  }
}
