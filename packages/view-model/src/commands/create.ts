import { openCreateRoom } from "../flows/create-room-form.ts";
import { hasTabs } from "../flows/tabbed-screen.ts";
import type { RoomKind } from "@papo/protocol";
import { faultSentence } from "../fault-sentence.ts";
import { answerTyped, KIND_WORDS } from "./answer-words.ts";
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
  arguments: ["word", "roomKind"],
  async run(screen, typed) {
    if (!hasTabs(screen)) return;
    const { tabs, peer, texts } = screen;
    if (typed === "") return openCreateRoom(screen);
    const { name, kind } = nameAndKind(typed);
    const made = await screen.patiently(peer.createRoom({ name, ...(kind === undefined ? {} : { kind }) }));
    if (!made.ok) return screen.failed(roomRefusal(name, made.fault, texts) ?? faultSentence(texts, made.fault));
    tabs.open({ kind: "room", id: made.value.id }, madeRoomLines(made.value, texts));
  },
};

/** A name may have several words; a single one is a name, whatever it says. */
function nameAndKind(typed: string): { readonly name: string; readonly kind: RoomKind | undefined } {
  const [, name, last = ""] = /^(.*\S)\s+(\S+)$/su.exec(typed) ?? [];
  const kind = name === undefined ? undefined : answerTyped(KIND_WORDS, last);
  return kind === undefined || name === undefined
    ? { name: bareRoomName(typed), kind: undefined }
    : { name: bareRoomName(name), kind };
}
