import type { Clock } from "@papo/link";
import { type Outcome, type Username, fail, succeed } from "@papo/protocol";
import type { OpenedAccount } from "./opened-account.ts";
import { exportAccount, importAccount } from "./storage/backup/account-backup.ts";
import type { BackupPart } from "./storage/backup/parts.ts";
import { copyHistory, placeHistory } from "./storage/history/copy-history.ts";
import type { Profile } from "./storage/profile.ts";

// An account with its history in one encrypted file, and back. docs/protocol/backup.md

const HISTORY_PART = "history.db";

/** Everything of an account that is open, as it is at this moment. */
export async function exportWithHistory(
  { held, pins }: Pick<OpenedAccount, "held" | "pins">,
  file: string,
  passphrase: string,
): Promise<Outcome<string>> {
  if (passphrase === "") return NO_PASSPHRASE;
  await pins.flush();
  const { folder } = held;
  const copy = await copyHistory(folder.path);
  if (!copy.ok) return copy;
  try {
    const history: BackupPart = { name: HISTORY_PART, content: copy.value.content() };
    return await exportAccount({ folder, file, passphrase, more: [history] });
  } finally {
    await copy.value.remove().catch(() => {});
  }
}

/** Whose account it is, as a new device of which this profile has the keys and the tracker has not heard yet. */
export async function importWithHistory(
  { profile, clock }: { readonly profile: Profile; readonly clock: Clock },
  file: string,
  passphrase: string,
): Promise<Outcome<Username>> {
  if (passphrase === "") return NO_PASSPHRASE;
  const imported = await importAccount({ profile, file, passphrase, clock, takeMore });
  return imported.ok ? succeed(imported.value.record.username) : imported;
}

/** A part that only a newer Papo knows is left out. */
async function takeMore({ name, content }: BackupPart, folder: string): Promise<Outcome<unknown>> {
  return name === HISTORY_PART ? placeHistory(folder, content) : succeed(name);
}

const NO_PASSPHRASE = fail("bad_text", "passphrase: expected some text");
