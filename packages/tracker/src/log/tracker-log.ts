import { codeOf } from "@papo/link";
import type { Fault, Username } from "@papo/protocol";

/** What the tracker tells its operator. Never a password, a key, a statement or a text of anybody's. */
export type LogEvent =
  | { readonly kind: "listening"; readonly host: string; readonly port: number }
  | { readonly kind: "connected"; readonly dialect: string; readonly address: string; readonly port: number }
  | { readonly kind: "registered"; readonly username: Username }
  | { readonly kind: "logged_in"; readonly username: Username }
  | { readonly kind: "login_refused"; readonly address: string; readonly reason: Fault["code"] }
  | { readonly kind: "logged_out"; readonly username: Username }
  | { readonly kind: "went_offline"; readonly username: Username }
  | { readonly kind: "came_back"; readonly username: Username }
  | { readonly kind: "replaced"; readonly username: Username; readonly reason: Fault["code"] }
  | { readonly kind: "identity_changed"; readonly username: Username }
  | { readonly kind: "unlatched"; readonly username: Username }
  | { readonly kind: "notifying"; readonly usernames: readonly Username[] }
  /** A relay alone listens. */
  | { readonly kind: "relay_listening"; readonly host: string; readonly port: number }
  /** A relayed link is over. `why` is our own word. */
  | { readonly kind: "relay_ended"; readonly why: string; readonly bytes: number }
  | { readonly kind: "draining"; readonly sessions: number }
  | { readonly kind: "stopped" }
  /** Something of ours failed. `where` is our own word. */
  | { readonly kind: "failed"; readonly where: string; readonly error: string };

export interface TrackerLog {
  event(event: LogEvent): void;
}

/** Takes one line without its end. Must not throw. */
export type WriteLine = (line: string) => void;

/** Our own mistakes and the machine's: names and codes only (`StoreFailure (ENOSPC)`), since a message may carry anything. */
export function errorWords(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const code = codeOf(error.cause) ?? codeOf(error);
  return code === undefined ? error.name : `${error.name} (${code})`;
}
