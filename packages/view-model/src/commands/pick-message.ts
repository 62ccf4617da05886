import type { Message } from "@papo/peer/api";
import { decodeWith, HISTORY_PAGE_MAX, type Username, username } from "@papo/protocol";
import type { CommandScreen } from "./command.ts";

/**
 * `N`: counted back from the newest, which is 1, among those that `of` wants. What nobody said is not counted.
 * Undefined when there is none.
 */
export function messageNumbered(
  { conversation, peer }: CommandScreen,
  number: string,
  of: (message: Message) => boolean,
): Message | undefined {
  if (conversation === null || !/^[1-9]\d{0,3}$/u.test(number)) return undefined;
  const page = peer.history(conversation, { limit: HISTORY_PAGE_MAX });
  if (!page.ok) return undefined;
  return page.value.messages.filter((message) => isSaid(message) && of(message)).at(-Number(number));
}

export function isOwn({ own }: Message): boolean {
  return own;
}

function isSaid({ kept }: Message): boolean {
  return (kept?.notice ?? null) === null && (kept?.gone ?? null) === null;
}

/** The first word of an argument when it is a number, and the rest; the number is 1 when it is none. */
export function leadingNumber(argument: string): { readonly number: string; readonly rest: string } {
  const [, number, rest = ""] = /^(\d{1,4})(?:\s+(.*))?$/su.exec(argument) ?? [];
  return number === undefined ? { number: "1", rest: argument } : { number, rest };
}

/** A name of the conversation or one that is known, whatever the capitals; anybody else as typed. */
export function nameTyped({ conversation, peer }: CommandScreen, typed: string): Username | undefined {
  const bare = typed.startsWith("@") ? typed.slice(1) : typed;
  if (conversation?.kind === "private" && bare.toLowerCase() === conversation.username.toLowerCase())
    return conversation.username;
  const members = conversation?.kind === "room" ? (peer.room(conversation.id)?.members ?? []) : [];
  const known = [...members, ...peer.pins(), ...peer.contactRequests()].map((person) => person.username);
  const near = known.find((name) => name === bare) ?? known.find((name) => name.toLowerCase() === bare.toLowerCase());
  if (near !== undefined) return near;
  const decoded = decodeWith(username, bare);
  return decoded.ok ? decoded.value : undefined;
}
