import { FormModel } from "../panels/form-model.ts";
import { cameBack } from "./came-back.ts";
import type { SignedIn, SignInParts } from "./signing-in.ts";

/** An account that an encrypted backup holds. */
export function openBackupForm(parts: SignInParts, done: (signedIn: SignedIn) => void): void {
  const { panels: said } = parts.texts;
  const form = new FormModel({
    host: parts.panels,
    title: said.backupTitle,
    fields: [
      {
        name: "file",
        label: said.backupFile,
        help: () => said.backupFileHelp,
        complete: async (typed) => pathsOf(typed, await parts.completePath(typed)),
      },
      { name: "passphrase", label: said.passphrase, isSecret: true, help: () => said.passphraseHelp },
    ],
    submitLabel: said.backupDo,
    waiting: said.reading,
    submit: async ({ file = "", passphrase = "" }) => {
      if (file.trim() === "") return { says: said.backupFileHelp, field: "file" };
      const back = await parts.peer.importBackup(file.trim(), passphrase);
      return cameBack(parts, back, { field: "passphrase", done });
    },
  });
  parts.panels.open(form);
}

/** The folder as it was typed, and each name in it. */
function pathsOf(typed: string, names: readonly string[]): readonly string[] {
  const folder = /^.*[/\\]/u.exec(typed)?.[0] ?? "";
  return names.map((name) => folder + name);
}
