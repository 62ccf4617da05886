import type { FaultCode } from "@papo/protocol";

/** What happened, and what the reader can do about it: one sentence or two each. */
type FaultText = { readonly happened: string; readonly advice: string };
export type FaultTexts = Readonly<Record<FaultCode, FaultText>>;

/** The slash commands, whatever they are called in a language. */
export type CommandId =
  | "users"
  | "help"
  | "why"
  | "history"
  | "search"
  | "context"
  | "edit"
  | "deleteMessage"
  | "react"
  | "topic"
  | "invite"
  | "invites"
  | "kick"
  | "ban"
  | "role"
  | "verify"
  | "unverify"
  | "keys"
  | "devices"
  | "requests"
  | "accept"
  | "ignore"
  | "block"
  | "receipts"
  | "words"
  | "exportHistory"
  | "deleteRoom"
  | "forget"
  | "leave"
  | "back";

/** `usage` as one types it, `help` in one line. */
type CommandText = { readonly usage: string; readonly help: string };
export type CommandTexts = Readonly<Record<CommandId, CommandText>>;
