import { openCreateRoom } from "../flows/create-room-form.ts";
import { hasTabs } from "../flows/tabbed-screen.ts";
import type { RoomHistory, RoomKind } from "@papo/protocol";
import { faultSentence } from "../fault-sentence.ts";
import { answerTyped, HISTORY_WORDS, KIND_WORDS } from "./answer-words.ts";
import type { SlashCommand } from "./command.ts";
import { bareRoomName } from "./find-room.ts";
import { madeRoomLines } from "./made-room-lines.ts";
import { roomRefusal } from "./refusals.ts";

/** Of the tracker's usual kind unless one is named behind the name. */
export const create: SlashCommand = {
  id: "create",
  topic: "rooms",
  names: ["/create", "/criar"],
  worksIn: ["room", "private", "menu"],
  needs: "tabs",
  takes: "optional",
  arguments: ["word", "roomKind", "history"],
  async run(screen, typed) {
    if (!hasTabs(screen)) return;
    const { tabs, peer, texts } = screen;
    if (typed === "") return openCreateRoom(screen);
    const { name, ...how } = roomMeant(typed);
    if (how.history === "join" && how.kind !== "invite") return screen.failed(texts.actions.historyOfInvited);
    const made = await screen.patiently(peer.createRoom({ name, ...how }));
    if (!made.ok) return screen.failed(roomRefusal(name, made.fault, texts) ?? faultSentence(texts, made.fault));
    tabs.open({ kind: "room", id: made.value.id }, madeRoomLines(made.value, texts));
  },
};

type RoomMeant = { readonly name: string; readonly kind?: RoomKind; readonly history?: RoomHistory };

/** A name may have several words; a single one is a name, whatever it says. What newcomers read is only understood behind a kind. */
function roomMeant(typed: string): RoomMeant {
  const [before, last] = lastWord(typed);
  const kind = answerTyped(KIND_WORDS, last);
  if (kind !== undefined) return { name: bareRoomName(before), kind };
  const history = answerTyped(HISTORY_WORDS, last);
  const inner = history === undefined ? undefined : roomMeant(before);
  if (history === undefined || inner?.kind === undefined) return { name: bareRoomName(typed) };
  return { ...inner, history };
}

/** What stands before it may not be nothing. */
function lastWord(typed: string): readonly [before: string, last: string] {
  const [, before = typed, last = ""] = /^(.*\S)\s+(\S+)$/su.exec(typed) ?? [];
  return [before, last];
}
