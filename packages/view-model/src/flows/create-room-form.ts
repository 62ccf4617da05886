import { decodeWith, newRoomName, ROOM_CAPACITY_MAX, type RoomHistory, type RoomKind } from "@papo/protocol";
import { madeRoomLines } from "../commands/made-room-lines.ts";
import { roomRefusal } from "../commands/refusals.ts";
import { faultSentence } from "../fault-sentence.ts";
import { type FieldPlan, FormModel, type Refusal, type Values } from "../panels/form-model.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

/** As they are offered. `inviteAll`: who comes in later reads also what was said before. */
const KINDS = ["open", "invite", "inviteAll", "plain"] as const;
type KindOffered = (typeof KINDS)[number];

/** People, of whom one is oneself. */
const CAPACITY_MIN = 2;

/** `done`: it is there, and open. */
export function openCreateRoom(screen: TabbedScreen, done: () => void = () => undefined): void {
  const { panels: said } = screen.texts;
  const form = new FormModel({
    host: screen.tabs.panels,
    title: said.createRoomTitle,
    fields: [
      { name: "name", label: said.roomName, help: () => said.roomNameHelp },
      ...kindField(screen),
      { name: "capacity", label: said.roomCapacity, help: () => said.roomCapacityHelp(ROOM_CAPACITY_MAX) },
    ],
    submitLabel: said.createRoomDo,
    waiting: said.waitingForTracker,
    submit: async (values) => {
      const refusal = await create(screen, values);
      if (refusal === undefined) done();
      return refusal;
    },
  });
  screen.tabs.panels.open(form);
}

/** At an original tracker every room is a plain one. */
function kindField({ peer, tabs, texts: { panels: said } }: TabbedScreen): readonly FieldPlan[] {
  if (peer.trackerAddress.dialect === "seed") return [];
  const kinds = tabs.allowPlaintext ? KINDS : KINDS.filter((kind) => kind !== "plain");
  const options = kinds.map((kind) => ({ value: kind, label: said.roomKinds[kind] }));
  return [{ name: "kind", label: said.roomKind, help: (kind) => said.roomKindHelp[kindOf(kind)], options }];
}

async function create(screen: TabbedScreen, { name = "", kind, capacity = "" }: Values): Promise<Refusal | undefined> {
  const { peer, tabs, texts } = screen;
  const { panels: said } = texts;
  const named = decodeWith(newRoomName, name.trim());
  if (!named.ok) return { says: said.roomNameBad, field: "name" };
  const people = capacityOf(capacity.trim());
  if (people === undefined) return { says: said.roomCapacityHelp(ROOM_CAPACITY_MAX), field: "capacity" };
  const made = await peer.createRoom({
    name: named.value,
    ...(kind === undefined ? {} : roomOf(kindOf(kind))),
    ...(people === null ? {} : { capacity: people }),
  });
  if (!made.ok)
    return { says: roomRefusal(named.value, made.fault, texts) ?? faultSentence(texts, made.fault), field: "name" };
  tabs.open({ kind: "room", id: made.value.id }, madeRoomLines(made.value, texts));
  return undefined;
}

/** Null: the tracker's usual one. Undefined: that is no number of people. */
function capacityOf(typed: string): number | null | undefined {
  if (typed === "") return null;
  const people = /^\d{1,6}$/u.test(typed) ? Number(typed) : 0;
  return people >= CAPACITY_MIN && people <= ROOM_CAPACITY_MAX ? people : undefined;
}

function kindOf(value: string): KindOffered {
  return KINDS.find((kind) => kind === value) ?? "open";
}

function roomOf(kind: KindOffered): { readonly kind: RoomKind; readonly history?: RoomHistory } {
  return kind === "inviteAll" ? { kind: "invite", history: "all" } : { kind };
}
