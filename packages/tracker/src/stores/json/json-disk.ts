import { join } from "node:path";
import { writeFileAtomically } from "@papo/link";
import { REPORT_FILES, type ReportFile } from "../../import-export/report-files.ts";
import { peersText, roomsText, usersText } from "../../import-export/report-projection.ts";
import type { Dump } from "../memory/dump.ts";
import { AUTHORITY_FILE, authorityText, digestOf } from "./authority.ts";

/** What stands in the files, as far as we know: digests of the report's, and the text of ours. */
export type OnDisk = { authority: string | undefined; readonly digests: Record<ReportFile, string | undefined> };

/** Writes the four files. Only what changed is written, and each as a whole. */
export class JsonDisk {
  readonly #directory: string;
  readonly #onDisk: OnDisk;
  #failure: unknown;

  constructor(directory: string, onDisk: OnDisk) {
    this.#directory = directory;
    this.#onDisk = onDisk;
  }

  /** Why one of the report's files is behind, if one is. It is written again with the next change. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Throws when nothing was saved. Our file first: once it is in place the change has happened. It says what the report's files are
   * about to become, so that after a crash it is known that an older one is only old and not somebody's edit.
   */
  async save(dump: Dump): Promise<void> {
    const texts = projections(dump);
    const { users, rooms } = dump;
    const written = { users: this.#written("users", texts.users), rooms: this.#written("rooms", texts.rooms) };
    const authority = authorityText({ written, users, rooms });
    if (authority !== this.#onDisk.authority) {
      // Until it is written it is not known what the disk has: also the same text is then written again.
      this.#onDisk.authority = undefined;
      await writeFileAtomically(join(this.#directory, AUTHORITY_FILE), authority);
      this.#onDisk.authority = authority;
    }
    await this.#saveProjections(texts);
  }

  async #saveProjections(texts: Record<ReportFile, string>): Promise<void> {
    this.#failure = undefined;
    for (const file of FILES) {
      try {
        await this.#put(file, texts[file]);
      } catch (error) {
        this.#failure = error;
      }
    }
  }

  async #put(file: ReportFile, text: string): Promise<void> {
    const digest = digestOf(text);
    if (digest === this.#onDisk.digests[file]) return;
    await writeFileAtomically(join(this.#directory, REPORT_FILES[file]), text);
    this.#onDisk.digests[file] = digest;
  }

  #written(file: "users" | "rooms", next: string): readonly string[] {
    const before = this.#onDisk.digests[file];
    return [...new Set([digestOf(next), ...(before === undefined ? [] : [before])])];
  }
}

const FILES: readonly ReportFile[] = ["users", "rooms", "peers"];

function projections({ users, rooms, peers }: Dump): Record<ReportFile, string> {
  const peerByName = new Map(peers.map((peer) => [peer.username as string, peer]));
  return {
    users: usersText(users),
    rooms: roomsText(rooms, (username) => peerByName.get(username)),
    peers: peersText(peers),
  };
}
