import { rename } from "node:fs/promises";
import { readPrivateFile, writePrivateFile } from "@papo/link";
import {
  type Outcome,
  PROFILE_FILE_BYTES_MAX,
  type TrackerKey,
  decodeWith,
  fail,
  fault,
  parseStrictJson,
  succeed,
  trackerKey,
} from "@papo/protocol";
import * as v from "valibot";
import type { Problem } from "../api.ts";
import { NamePins } from "../identity/name-pins.ts";
import { type Pin, pin } from "../identity/pin.ts";
import { fileFault } from "./file-faults.ts";

const pinFile = v.object({ v: v.literal(1), tracker: v.nullable(trackerKey), pins: v.array(pin) });

/** The pins of one account, in one file that is replaced as a whole. */
export class PinFile {
  readonly path: string;
  readonly #tracker: TrackerKey | null;
  /** Writes go one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  /** The write that has not begun: it will take whatever the pins are by then, so one is enough. */
  #waiting: Promise<Outcome<string>> | undefined;

  constructor(path: string, tracker: TrackerKey | null) {
    this.path = path;
    this.#tracker = tracker;
  }

  /** A damaged file is set aside under another name, kept, and said: what it knew of keys may matter to the user. */
  async read(): Promise<Outcome<{ readonly pins: NamePins; readonly problem: Problem | undefined }>> {
    const read = await readPrivateFile(this.path, PROFILE_FILE_BYTES_MAX);
    if (!read.ok) return { ok: false, fault: fileFault(read.problem) };
    if (read.value === undefined) return succeed({ pins: new NamePins(), problem: undefined });

    const parsed = parseStrictJson(read.value);
    const decoded = parsed.ok ? decodeWith(pinFile, parsed.value) : parsed;
    if (decoded.ok) return succeed({ pins: new NamePins(decoded.value.pins), problem: undefined });
    return this.#setAside();
  }

  async #setAside(): Promise<Outcome<{ readonly pins: NamePins; readonly problem: Problem }>> {
    for (let n = 1; n < 1_000; n += 1) {
      const aside = `${this.path}.damaged-${n}`;
      const taken = await readPrivateFile(aside, PROFILE_FILE_BYTES_MAX);
      if (!taken.ok || taken.value !== undefined) continue;
      try {
        await rename(this.path, aside);
      } catch {
        break;
      }
      const damaged = fault(
        "storage_failed",
        "the file of known keys was damaged: it is kept aside, names count as never met",
      );
      return succeed({ pins: new NamePins(), problem: { fault: damaged, file: aside } });
    }
    return fail("storage_failed", `${this.path}: damaged, and it could not be set aside`);
  }

  /** Resolves when what the pins hold now is on disk, or why it is not. */
  write(pins: () => readonly Pin[]): Promise<Outcome<string>> {
    this.#waiting ??= this.#last.then(() => {
      this.#waiting = undefined;
      return this.#put(pins());
    });
    this.#last = this.#waiting;
    return this.#waiting;
  }

  async #put(pins: readonly Pin[]): Promise<Outcome<string>> {
    const written = await writePrivateFile(this.path, JSON.stringify({ v: 1, tracker: this.#tracker, pins }));
    return written.ok ? succeed(this.path) : { ok: false, fault: fileFault(written.problem) };
  }
}
