import type { FaultCode } from "@papo/protocol";

/** What happened, and what the reader can do about it: one sentence or two each. */
type FaultText = { readonly happened: string; readonly advice: string };
export type FaultTexts = Readonly<Record<FaultCode, FaultText>>;

/** The slash commands, whatever they are called in a language. */
export type CommandId = "users" | "help" | "deleteRoom" | "leave" | "back" | "accept" | "block";

/** `usage` as one types it, `help` in one line. */
type CommandText = { readonly usage: string; readonly help: string };
export type CommandTexts = Readonly<Record<CommandId, CommandText>>;
