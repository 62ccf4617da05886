import type { SlashCommand } from "./command.ts";
import { nearestName } from "./nearest-name.ts";
import { commandNamed } from "./table.ts";

/** What a line typed in a conversation means. Nothing that begins with a single slash is ever chat. */
export type TypedLine =
  | { readonly kind: "nothing" }
  | { readonly kind: "chat"; readonly text: string }
  | { readonly kind: "command"; readonly command: SlashCommand; readonly argument: string }
  | { readonly kind: "unknown"; readonly typed: string; readonly nearest: string | undefined };

/** `//text` is the text `/text`. A slash after blanks counts as the first character: a slip must not leak. */
export function readLine(line: string): TypedLine {
  const trimmed = line.trim();
  if (trimmed === "") return { kind: "nothing" };
  if (!trimmed.startsWith("/")) return { kind: "chat", text: line };
  if (trimmed.startsWith("//")) return { kind: "chat", text: trimmed.slice(1) };

  const [typed = ""] = trimmed.split(/\s/u, 1);
  const command = commandNamed(typed);
  if (command === undefined) return { kind: "unknown", typed, nearest: nearestName(typed) };
  return { kind: "command", command, argument: trimmed.slice(typed.length).trim() };
}
