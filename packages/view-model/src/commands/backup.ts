import { safeText } from "@papo/protocol";
import { FormModel } from "../panels/form-model.ts";
import type { SlashCommand } from "./command.ts";
import { whyNotWritten } from "./refusals.ts";

/** The whole account as one encrypted file. The passphrase is asked for where it does not show. */
export const backup: SlashCommand = {
  id: "backup",
  topic: "trust",
  names: ["/backup", "/copia"],
  worksIn: ["room", "private", "menu"],
  needs: "tabs",
  takes: "something",
  arguments: ["file"],
  run(screen, file) {
    const { tabs, peer, texts } = screen;
    if (tabs === null) return;
    const { actions, panels } = texts;
    const form = new FormModel({
      host: tabs.panels,
      title: actions.backupTitle(safeText(file)),
      fields: [
        { name: "passphrase", label: panels.passphrase, isSecret: true, help: () => actions.backupPassphraseHelp },
        { name: "again", label: panels.passwordAgain, isSecret: true, help: () => panels.passwordAgainHelp },
      ],
      submitLabel: actions.backupDo,
      waiting: actions.backupWaiting,
      submit: async ({ passphrase = "", again = "" }) => {
        if (passphrase === "") return { says: texts.classic.passwordEmpty, field: "passphrase" };
        if (passphrase !== again) return { says: panels.passwordsDiffer, field: "passphrase" };
        const written = await peer.exportBackup(file, passphrase);
        if (!written.ok) return { says: whyNotWritten(file, written.fault, texts) };
        screen.succeeded(actions.backedUp(safeText(written.value)));
        return undefined;
      },
    });
    tabs.panels.open(form);
  },
};
