import type { RoomId, RoomKind } from "@papo/protocol";
import { compareText } from "../../repositories/name-order.ts";
import type { RoomCursor, RoomPage } from "../../repositories/room-repository.ts";
import { SortedList } from "./sorted-list.ts";

type Entry = RoomCursor & { readonly id: RoomId; readonly kind: RoomKind };

const KINDS: readonly RoomKind[] = ["plain", "open", "invite"];

/** Rooms by (fold, name), one list per kind: a page of rare kinds costs no walk over the common ones. */
export class RoomIndex {
  readonly #listByKind = new Map(KINDS.map((kind) => [kind, new SortedList<RoomCursor & Partial<Entry>>(inOrder)]));

  add(entry: Entry): void {
    this.#listByKind.get(entry.kind)?.add(entry);
  }

  remove(entry: Entry): void {
    this.#listByKind.get(entry.kind)?.remove(entry);
  }

  page({ after, limit, kinds = KINDS, query = "" }: RoomPage): RoomId[] {
    const lists = [...new Set(kinds)].flatMap((kind) => this.#listByKind.get(kind)?.after(after) ?? []);
    const found: RoomId[] = [];
    for (const { fold, id } of merged(lists)) {
      if (found.length >= limit) break;
      if (id !== undefined && fold.includes(query)) found.push(id);
    }
    return found;
  }
}

function inOrder(left: RoomCursor, right: RoomCursor): number {
  return compareText(left.fold, right.fold) || compareText(left.name, right.name);
}

function* merged<Item extends RoomCursor>(lists: readonly Iterator<Item, void>[]): Generator<Item, void> {
  const heads = lists.map((list) => ({ list, next: list.next() }));
  for (;;) {
    let least: { head: (typeof heads)[number]; item: Item } | undefined;
    for (const head of heads) {
      if (head.next.done === true) continue;
      if (least === undefined || inOrder(head.next.value, least.item) < 0) least = { head, item: head.next.value };
    }
    if (least === undefined) return;
    yield least.item;
    least.head.next = least.head.list.next();
  }
}
