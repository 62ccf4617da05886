import type { SlashCommand } from "./command.ts";
import { nearestName } from "./nearest-name.ts";
import { commandNamed } from "./table.ts";

/** What a line typed in a conversation means. Nothing that begins with a single slash is ever chat. */
export type TypedLine =
  | { readonly kind: "nothing" }
  | { readonly kind: "chat"; readonly text: string }
  | { readonly kind: "command"; readonly command: SlashCommand; readonly argument: string }
  | { readonly kind: "unknown"; readonly typed: string; readonly nearest: string | undefined };

/**
 * `//text` is the text `/text`. A slip must not leak: a slash counts as the first character also after blanks and what nobody sees, and the wide one of
 * East Asian keyboards is one.
 */
export function readLine(line: string): TypedLine {
  const trimmed = line.replace(BEFORE_A_COMMAND, "/").trim();
  if (trimmed === "") return { kind: "nothing" };
  if (!trimmed.startsWith("/")) return { kind: "chat", text: line };
  if (trimmed.startsWith("//")) return { kind: "chat", text: trimmed.slice(1) };

  const [typed = ""] = trimmed.split(/\s/u, 1);
  const command = commandNamed(typed);
  if (command === undefined) return { kind: "unknown", typed, nearest: nearestName(typed) };
  return { kind: "command", command, argument: trimmed.slice(typed.length).trim() };
}

const BEFORE_A_COMMAND = /^[\s\p{Default_Ignorable_Code_Point}]*[/\u{FF0F}]/u;
