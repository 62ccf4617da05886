import type { Conversation } from "@papo/peer/api";
import { HISTORY_PAGE_MAX, type Username } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { CommandScreen, ScreenKind } from "../commands/command.ts";
import { shownName } from "../names/shown-name.ts";
import { shownRoomName } from "../names/shown-room-name.ts";

/** What can be proposed for a line that is being typed. All texts are safe. */
export type CompletionContext = {
  readonly kind: ScreenKind;
  readonly hasTabs: boolean;
  readonly texts: Catalogue;
  /** Of this conversation, who spoke last first; neither oneself nor who is ignored. */
  readonly here: readonly string[];
  /** Everybody else who is known. */
  readonly elsewhere: readonly string[];
  readonly ignored: readonly string[];
  readonly banned: readonly string[];
  readonly rooms: readonly string[];
  /** Names in the folder that a path leads to, folders with a slash at the end. */
  completePath(typed: string): Promise<readonly string[]>;
};

type Screen = Pick<CommandScreen, "kind" | "conversation" | "peer" | "texts" | "tabs">;

/** As things are on this screen now. */
export function completionContext(screen: Screen, completePath: CompletionContext["completePath"]): CompletionContext {
  const { kind, conversation, peer, texts, tabs } = screen;
  const left = new Set<Username>([...peer.ignored(), ...(peer.self === undefined ? [] : [peer.self])]);
  const here = unique([...lastSpeakers(screen), ...peopleOf(screen, conversation)]).filter((name) => !left.has(name));
  const others = peer.rooms().flatMap(({ members }) => members.map(({ username }) => username));
  const known = [...peer.contactRequests(), ...peer.pins()].map(({ username }) => username);
  const elsewhere = unique([...known, ...others]).filter((name) => !left.has(name) && !here.includes(name));
  return {
    ...{ kind, hasTabs: tabs !== null, texts, completePath },
    here: typeable(here),
    elsewhere: typeable(elsewhere),
    ignored: typeable(peer.ignored()),
    banned: conversation?.kind === "room" ? typeable(peer.barred(conversation.id)) : [],
    rooms: peer.rooms().map(({ name }) => shownRoomName(name)),
  };
}

function peopleOf({ peer }: Screen, conversation: Conversation | null): readonly Username[] {
  if (conversation === null) return [];
  if (conversation.kind === "private") return [conversation.username];
  return peer.room(conversation.id)?.members.map(({ username }) => username) ?? [];
}

/** Who said something lately and is still there, the last one first. */
function lastSpeakers(screen: Screen): readonly Username[] {
  const { conversation, peer } = screen;
  if (conversation === null) return [];
  const page = peer.history(conversation, { limit: HISTORY_PAGE_MAX });
  const messages = page.ok ? page.value.messages : peer.messages(conversation).slice(-HISTORY_PAGE_MAX);
  const present = new Set(peopleOf(screen, conversation));
  const said = messages.filter(({ kept }) => (kept?.notice ?? null) === null);
  return unique(said.toReversed().map(({ author }) => author)).filter((name) => present.has(name));
}

/** A name that would be shown in quotes cannot be typed. */
function typeable(names: readonly Username[]): readonly string[] {
  return names.filter((name) => shownName(name) === name);
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
