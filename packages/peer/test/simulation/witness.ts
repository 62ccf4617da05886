import type { EntryBatch, EntryHeader, EntryId, RoomId, SyncSays } from "@papo/protocol";
import { idOf } from "../../src/conversations/log/opened-entry.ts";
import type { Said } from "./sim-link.ts";
import type { SimNode } from "./sim-node.ts";

/** Sees everything that honest devices write and say, and remembers what must never have happened. */
export class Witness {
  readonly broken: string[] = [];
  /** Ids by device, chain and number of what honest devices have written. */
  readonly #idByPlace = new Map<string, string>();
  /** What honest devices were told to be kept. */
  readonly kept = new Map<EntryId, SimNode>();
  messages = 0;
  entryCopies = 0;

  /** Its author was told that it is kept. */
  made(id: EntryId, by: SimNode): void {
    this.kept.set(id, by);
  }

  say(what: string): void {
    if (this.broken.length < 5) this.broken.push(what);
  }

  /** An honest device says this to somebody. */
  saw(from: SimNode, to: SimNode, said: Said): void {
    this.messages += 1;
    if (!("cmd" in said)) return this.#sawEntries(from, to, said);
    if (said.cmd === "STORED") this.#sawStored(from, said);
  }

  #sawEntries(from: SimNode, to: SimNode, { room, entries }: EntryBatch): void {
    const right = from.replica?.readingRight(to.account);
    for (const { header } of entries) {
      this.entryCopies += 1;
      const { author, chain, seq } = JSON.parse(Buffer.from(header).toString()) as EntryHeader;
      const id = idOf(header);
      if (from.world.isHonestDevice(author)) this.#once(`${author} ${chain} ${seq}`, id);
      if (from.history.entry(room, id) === undefined) this.say(`${from.name} told what is not durable there`);
      if (chain === "control") continue;
      if (right?.kind !== "from") this.say(`I6: ${from.name} gave content to ${to.name}, who is no member`);
      else if (seq <= (right.base.get(author) ?? 0))
        this.say(`I6: ${from.name} gave ${to.name} what is before its history`);
    }
  }

  /** I9 */
  #once(place: string, id: string): void {
    const before = this.#idByPlace.get(place);
    if (before !== undefined && before !== id) this.say(`I9: two entries at ${place.slice(0, 6)}… ${place.slice(44)}`);
    this.#idByPlace.set(place, id);
  }

  /** An acknowledgement means every entry up to there is durable there. */
  #sawStored(from: SimNode, { room, heads }: Extract<SyncSays, { cmd: "STORED" }>): void {
    for (const { device, control, content } of heads) {
      this.#isDurable(from, room, { device, chain: "control", seq: control });
      this.#isDurable(from, room, { device, chain: "content", seq: content });
    }
  }

  #isDurable(
    from: SimNode,
    room: RoomId,
    {
      device,
      chain,
      seq,
    }: { device: Parameters<SimNode["history"]["entryAt"]>[1]; chain: "control" | "content"; seq: number },
  ): void {
    if (seq === 0) return;
    const base = from.baseOf(device, chain);
    if (seq > base && from.history.entryAt(room, device, chain, seq) === undefined) {
      this.say(`I1: ${from.name} acknowledged ${chain} ${seq}, which is not durable there`);
    }
  }
}
