import type { Username } from "@papo/protocol";
import { faultSentence } from "../fault-sentence.ts";
import { type ShownLine, textLine } from "../feed/shown-line.ts";
import { shownName } from "../names/shown-name.ts";
import { FormModel } from "../panels/form-model.ts";
import { openText } from "../panels/text-panel.ts";
import { openKeyChange } from "./key-change-panel.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

/** Groups of five digits on one line: 60 digits are four lines, which stand beside a code on most screens. */
const GROUPS_PER_LINE = 3;

/** How far this name's key can be believed: what a change of it means while one is to be decided, else the number to be compared. */
export function openVerify(screen: TabbedScreen, username: Username): void {
  const change = screen.peer.keyChanges().find((asked) => asked.username === username);
  if (change === undefined) openSafetyNumber(screen, username);
  else openKeyChange(screen, change, () => openSafetyNumber(screen, username));
}

/** The number that both sides see, with its code: they are the same, or they differ. */
function openSafetyNumber(screen: TabbedScreen, username: Username): void {
  const { texts, peer, tabs } = screen;
  const { panels: said, kept } = texts;
  const made = peer.safetyNumber(username);
  if (!made.ok) return screen.failedBy(made.fault);
  const { groups, qr, verified } = made.value;
  const name = shownName(username);
  const panel = openText(tabs.panels, {
    title: said.verifyTitle(name),
    lines: [
      ...(verified ? [{ spans: [{ text: said.verifyDone(name), tone: "good" }] } as const] : []),
      textLine(kept.safetyHow(name)),
      textLine(""),
      ...numberLines(groups),
      textLine(""),
      { spans: [{ text: said.verifyScan, tone: "muted" }] },
    ],
    qr,
    choices: [
      {
        ...said.same,
        run: async () => {
          panel.close();
          const done = await peer.verify(username);
          if (done.ok) screen.succeeded(kept.verified(name));
          else screen.failedBy(done.fault);
        },
      },
      {
        ...said.differ,
        tone: "bad",
        run: () => {
          panel.close();
          screen.failed(kept.verifyMismatch(name));
        },
      },
      { ...said.scanned, run: () => openScanned(screen, username, () => panel.close()) },
    ],
  });
}

function numberLines(groups: readonly string[]): readonly ShownLine[] {
  const count = Math.ceil(groups.length / GROUPS_PER_LINE);
  return Array.from({ length: count }, (_, row) => {
    const text = groups.slice(row * GROUPS_PER_LINE, (row + 1) * GROUPS_PER_LINE).join(" ");
    return { spans: [{ text, tone: "emphasis" }] };
  });
}

/** What a camera read from the other screen, as text. */
function openScanned(screen: TabbedScreen, username: Username, done: () => void): void {
  const { texts, peer, tabs } = screen;
  const { panels: said, kept } = texts;
  const name = shownName(username);
  const form = new FormModel({
    host: tabs.panels,
    title: said.scannedTitle(name),
    fields: [{ name: "code", label: said.scannedField, help: () => said.scannedHelp }],
    submitLabel: said.scannedDo,
    waiting: said.loading,
    submit: async ({ code = "" }) => {
      if (code.trim() === "") return { says: said.scannedHelp };
      const compared = await peer.verify(username, code.trim());
      if (!compared.ok) return { says: faultSentence(texts, compared.fault) };
      done();
      if (compared.value === "verified") screen.succeeded(kept.verified(name));
      else screen.failed(kept.verifyMismatch(name));
      return undefined;
    },
  });
  tabs.panels.open(form);
}
