import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  type Clock,
  openPrivateFolder,
  readOrCreatePrivateFile,
  readPrivateFile,
  sha256Text,
  writePrivateFile,
} from "@papo/link";
import {
  type Outcome,
  type TrackerKey,
  type Username,
  decodeWith,
  fail,
  parseStrictJson,
  succeed,
  trackerKey,
} from "@papo/protocol";
import * as v from "valibot";
import type { KnownAccount, Problem } from "../api.ts";
import type { OwnKeys } from "../identity/own-account.ts";
import { type AccountBeginning, AccountFolder, type AccountRecord } from "./account-folder.ts";
import { fileFault } from "./file-faults.ts";

const trackerPin = v.object({ v: v.literal(1), address: v.string(), key: trackerKey });

/**
 * The user's folder (0700): several accounts, each in a folder of its own, and the keys of the trackers that were met. Several processes
 * may use one profile at once; an account is one process's.
 */
export class Profile {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<Outcome<Profile>> {
    for (const part of [folder, join(folder, "accounts"), join(folder, "trackers")]) {
      const opened = await openPrivateFolder(part);
      if (!opened.ok) return { ok: false, fault: fileFault(opened.problem) };
    }
    return succeed(new Profile(folder));
  }

  /** Whole accounts only, the last used first. One damaged folder does not hide the others; `problems` tells of it. */
  async #folders(): Promise<readonly AccountFolder[]> {
    return (await this.#openAll())
      .flatMap(({ opened }) => (opened.ok ? [opened.value] : []))
      .toSorted((one, other) => other.record.lastUsedMs - one.record.lastUsedMs);
  }

  /** Folders of accounts that cannot be used as they are, each with what is wrong and how it is mended. */
  async problems(): Promise<readonly Problem[]> {
    return (await this.#openAll()).flatMap(({ path, opened }) =>
      opened.ok ? [] : [{ fault: opened.fault, file: path }],
    );
  }

  async #openAll(): Promise<readonly { readonly path: string; readonly opened: Outcome<AccountFolder> }[]> {
    const names = await readdir(join(this.#folder, "accounts")).catch(() => []);
    const paths = names.filter((name) => !name.startsWith(".")).map((name) => join(this.#folder, "accounts", name));
    return Promise.all(paths.map(async (path) => ({ path, opened: await AccountFolder.open(path) })));
  }

  async knownAccounts(): Promise<readonly KnownAccount[]> {
    const registered = (await this.#folders()).filter((folder) => folder.record.state === "registered");
    return Promise.all(
      registered.map(async (folder) => ({
        username: folder.record.username,
        tracker: folder.record.trackerAddress,
        inUse: await folder.isInUse(),
      })),
    );
  }

  /** The account of that name at that tracker, one whose registration was cut short included: its keys may be known there. */
  async find(username: Username, tracker: string): Promise<AccountFolder | undefined> {
    const folders = await this.#folders();
    const own = folders.filter(
      ({ record }) => record.username === username && record.tracker === tracker && record.state !== "replaced",
    );
    return own.find(({ record }) => record.state === "registered") ?? own[0];
  }

  create(
    account: Pick<AccountRecord, "username" | "tracker" | "trackerAddress">,
    clock: Clock,
    beginning: AccountBeginning = {},
  ): Promise<Outcome<{ readonly folder: AccountFolder; readonly keys: OwnKeys }>> {
    return AccountFolder.create(join(this.#folder, "accounts"), account, clock, beginning);
  }

  // ---- trackers: one file each, so that two processes never write the same one with different content

  async pinnedTrackerKey(address: string): Promise<Outcome<TrackerKey | undefined>> {
    const read = await readPrivateFile(this.#trackerPath(address));
    if (!read.ok) return { ok: false, fault: fileFault(read.problem) };
    return read.value === undefined ? succeed(undefined) : this.#decodePin(address, read.value);
  }

  /** The first key met at an address stays: gives the one that is pinned, ours or another's. */
  async pinTracker(address: string, key: TrackerKey): Promise<Outcome<TrackerKey>> {
    const content = JSON.stringify({ v: 1, address, key });
    const written = await readOrCreatePrivateFile(this.#trackerPath(address), () => content);
    return written.ok ? this.#decodePin(address, written.value) : { ok: false, fault: fileFault(written.problem) };
  }

  /** The user named this key: it takes the place of the one met earlier. */
  async repinTracker(address: string, key: TrackerKey): Promise<void> {
    await writePrivateFile(this.#trackerPath(address), JSON.stringify({ v: 1, address, key }));
  }

  #decodePin(address: string, text: string): Outcome<TrackerKey> {
    const parsed = parseStrictJson(text);
    const pinned = parsed.ok ? decodeWith(trackerPin, parsed.value) : parsed;
    if (pinned.ok) return succeed(pinned.value.key);
    // Believing any key now would undo the pin, so the person decides.
    return fail("storage_failed", `${this.#trackerPath(address)}: damaged; remove it to trust the tracker's key anew`);
  }

  #trackerPath(address: string): string {
    return join(this.#folder, "trackers", `${sha256Text(address)}.json`);
  }
}
