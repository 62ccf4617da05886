import type { PeerApi, PeerEvent } from "@papo/peer";

/** What the engine can be asked. */
export type CallName = {
  [Name in keyof PeerApi]: PeerApi[Name] extends (...args: never[]) => unknown ? Name : never;
}[keyof PeerApi];

/** A line that a headless peer reads. `proxyPort` answers `listening`. */
export type ProgramCall =
  | { readonly id: number; readonly call: string; readonly args: readonly unknown[] }
  | { readonly proxyPort: number };

/** A line that it writes. */
export type ProgramLine =
  | { readonly opened: number }
  | { readonly listening: number }
  | { readonly id: number; readonly result: unknown }
  | { readonly event: PeerEvent };
