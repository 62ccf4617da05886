import { hasTabs } from "../flows/tabbed-screen.ts";
import { openVerify } from "../flows/verify-panel.ts";
import { textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import type { SlashCommand } from "./command.ts";
import { nameTyped } from "./pick-message.ts";

/** Groups of five digits on one line: 60 digits are three lines of four groups. */
const GROUPS_PER_LINE = 4;
const DONE_WORDS: ReadonlySet<string> = new Set(["ok", "same", "igual", "iguais"]);

/** `NAME`: the number and the QR code. `NAME ok`: they were compared. `NAME CODE`: what the other's QR code says. */
export const verify: SlashCommand = {
  id: "verify",
  topic: "trust",
  names: ["/verify", "/verificar"],
  worksIn: ["room", "private", "menu"],
  takes: "something",
  arguments: ["person", "word"],
  async run(screen, argument) {
    const { peer, texts } = screen;
    const [typed = "", said] = argument.split(/\s+/u);
    const name = nameTyped(screen, typed);
    if (name === undefined) return screen.failed(texts.classic.commandUsage(texts.commands.verify.usage));
    if (said !== undefined) {
      const scanned = DONE_WORDS.has(said.toLowerCase()) ? undefined : said;
      const verified = await peer.verify(name, scanned);
      if (!verified.ok) return screen.failedBy(verified.fault);
      if (verified.value === "verified") return screen.succeeded(texts.kept.verified(shownName(name)));
      return screen.failed(texts.kept.verifyMismatch(shownName(name)));
    }
    if (hasTabs(screen)) return openVerify(screen, name);
    const made = peer.safetyNumber(name);
    if (!made.ok) return screen.failedBy(made.fault);
    const { groups, qr } = made.value;
    const rows = Array.from({ length: Math.ceil(groups.length / GROUPS_PER_LINE) }, (_, row) =>
      groups.slice(row * GROUPS_PER_LINE, (row + 1) * GROUPS_PER_LINE).join(" "),
    );
    const shown = shownName(name);
    // The code first: it is larger than many windows, and what is to be read aloud must stay in sight.
    await screen.showQr(qr);
    const number = [texts.kept.safetyTitle(shown), ...rows.map((row) => `    ${row}`)];
    screen.show([...number, texts.kept.safetyHow(shown), texts.kept.safetyDone(shown)].map(textLine));
  },
};

export const unverify: SlashCommand = {
  id: "unverify",
  topic: "trust",
  names: ["/unverify", "/desverificar"],
  worksIn: ["room", "private", "menu"],
  takes: "something",
  arguments: ["person"],
  async run(screen, argument) {
    const name = nameTyped(screen, argument);
    const done = name === undefined ? undefined : await screen.peer.unverify(name);
    if (done?.ok === true) return screen.succeeded(screen.texts.kept.unverified(shownName(done.value)));
    if (done === undefined)
      return screen.failed(screen.texts.classic.commandUsage(screen.texts.commands.unverify.usage));
    screen.failedBy(done.fault);
  },
};
