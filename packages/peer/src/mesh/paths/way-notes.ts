import type { Clock } from "@papo/link";
import { type Fault, type Outcome, PATH_ATTEMPTS_KEPT_MAX, PEER_LINKS_MAX, type Username } from "@papo/protocol";
import type { PathAttempt } from "../../api.ts";

/** Ends one note. */
export type Noted = (outcome: Outcome<unknown>) => void;

/** What one attempt at one device writes down. */
export interface AttemptNotes {
  /** A way is tried from now on. */
  trying(way: PathAttempt["way"], where: string | null): Noted;
}

type Note = {
  readonly way: PathAttempt["way"];
  readonly where: string | null;
  readonly startedMs: number;
  readonly sinceMs: number;
  end: { readonly reason: Fault | null; readonly tookMs: number } | undefined;
};

type OfDevice = { readonly username: Username; before: readonly Note[]; last: Note[] };

/** What was tried to reach each device, in the last attempt at it and in the one before. */
export class WayNotes {
  readonly #clock: Clock;
  /** Tried longest ago first. */
  readonly #byKey = new Map<string, OfDevice>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(key: string, username: Username): AttemptNotes {
    const known = this.#byKey.get(key);
    const notes: Note[] = [];
    this.#byKey.delete(key);
    this.#byKey.set(key, { username, before: known?.last ?? [], last: notes });
    const [oldest] = this.#byKey.keys();
    if (this.#byKey.size > PEER_LINKS_MAX && oldest !== undefined) this.#byKey.delete(oldest);
    return { trying: (way, where) => this.#trying(notes, way, where) };
  }

  #trying(notes: Note[], way: PathAttempt["way"], where: string | null): Noted {
    const note: Note = {
      ...{ way, where, end: undefined },
      startedMs: this.#clock.wallMs(),
      sinceMs: this.#clock.monotonicMs(),
    };
    if (notes.length < PATH_ATTEMPTS_KEPT_MAX) notes.push(note);
    return (outcome) => {
      note.end ??= { reason: outcome.ok ? null : outcome.fault, tookMs: this.#since(note) };
    };
  }

  #since({ sinceMs }: Note): number {
    return Math.round(this.#clock.monotonicMs() - sinceMs);
  }

  /** The newest last. */
  of(username: Username): readonly PathAttempt[] {
    const devices = [...this.#byKey.values()].filter((device) => device.username === username);
    const notes = devices.flatMap(({ before, last }) => [...before, ...last]);
    return notes.toSorted((one, other) => one.sinceMs - other.sinceMs).map((note) => this.#shown(note));
  }

  #shown(note: Note): PathAttempt {
    const { way, where, startedMs, end } = note;
    const tried = { way, where, startedMs, tookMs: end?.tookMs ?? this.#since(note) };
    if (end === undefined) return { ...tried, outcome: "trying", reason: null };
    return { ...tried, outcome: end.reason === null ? "linked" : "failed", reason: end.reason };
  }
}

/** `IP:port`, with brackets where the address has colons itself. */
export function placeText({ address, port }: { readonly address: string; readonly port: number }): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
