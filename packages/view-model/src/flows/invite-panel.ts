import type { Room } from "@papo/peer/api";
import { type Fault, INVITE_DAYS_DEFAULT, INVITE_DAYS_MAX, INVITE_USES_MAX } from "@papo/protocol";
import { faultSentence } from "../fault-sentence.ts";
import { textLine } from "../feed/shown-line.ts";
import { shownRoomName } from "../names/shown-room-name.ts";
import { FormModel } from "../panels/form-model.ts";
import { openText } from "../panels/text-panel.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

type Terms = { readonly uses: number; readonly days: number };

/** How many may come in and for how long, then the link with its code. */
export function openInviteForm(screen: TabbedScreen, room: Room): void {
  const { panels: said } = screen.texts;
  const form = new FormModel({
    host: screen.tabs.panels,
    title: said.inviteTitle(shownRoomName(room.name)),
    fields: [
      { name: "uses", label: said.inviteUses, value: "1", help: () => said.inviteUsesHelp(INVITE_USES_MAX) },
      {
        ...{ name: "days", label: said.inviteDays, value: String(INVITE_DAYS_DEFAULT) },
        help: () => said.inviteDaysHelp(INVITE_DAYS_MAX),
      },
    ],
    submitLabel: said.inviteDo,
    waiting: said.waitingForTracker,
    submit: async ({ uses = "", days = "" }) => {
      if (!isUpTo(uses, INVITE_USES_MAX)) return { says: said.inviteNumber(INVITE_USES_MAX), field: "uses" };
      if (!isUpTo(days, INVITE_DAYS_MAX)) return { says: said.inviteNumber(INVITE_DAYS_MAX), field: "days" };
      const fault = await showInvite(screen, room, { uses: Number(uses), days: Number(days) });
      return fault === undefined ? undefined : { says: faultSentence(screen.texts, fault) };
    },
  });
  screen.tabs.panels.open(form);
}

function isUpTo(typed: string, max: number): boolean {
  return /^[1-9]\d{0,5}$/u.test(typed.trim()) && Number(typed) <= max;
}

/** Makes an invite and shows its link, with a code to be scanned. */
export async function showInvite(screen: TabbedScreen, room: Room, terms: Terms): Promise<Fault | undefined> {
  const { texts, peer, tabs } = screen;
  const made = await peer.createInvite(room.id, terms);
  if (!made.ok) return made.fault;
  const { link } = made.value;
  openText(tabs.panels, {
    title: texts.panels.inviteTitle(shownRoomName(room.name)),
    lines: [
      textLine(texts.kept.inviteMade(terms.uses, terms.days)),
      { spans: [{ text: link, tone: "emphasis" }] },
      { spans: [{ text: texts.panels.inviteHow, tone: "muted" }] },
    ],
    qr: link,
  });
  return undefined;
}
