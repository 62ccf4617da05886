import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { safeText } from "@papo/protocol";
import type { PapoTexts } from "@papo/view-model/command-texts";
import { CommandError } from "../commands/command.ts";
import { EXIT } from "../exit-codes.ts";

/** The store makes its own folder, but only inside one that exists: the default one's parents are ours to make. */
export function makeParent(folder: string, { storage }: PapoTexts): void {
  try {
    mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new CommandError(storage.about(safeText(dirname(folder)), storage.unwritable, undefined), EXIT.failed, {
      cause,
    });
  }
}
