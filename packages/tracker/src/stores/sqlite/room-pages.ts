import type { RoomKind } from "@papo/protocol";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { compareText } from "../../repositories/name-order.ts";
import type { RoomPage, StoredRoom } from "../../repositories/room-repository.ts";
import { ROOM_COLUMNS, type RoomRow, roomOfRow } from "./room-rows.ts";

const KINDS: readonly RoomKind[] = ["plain", "open", "invite"];

/** Listings of rooms. A page without a query reads its own rows of the index and no others. */
export class RoomPages {
  readonly #page: StatementSync;
  readonly #search: StatementSync;

  constructor(db: DatabaseSync) {
    const page = (condition: string) => `
      SELECT ${ROOM_COLUMNS} FROM room
      WHERE kind = :kind AND (fold, name) > (:fold, :name) ${condition}
      ORDER BY fold, name
      LIMIT :limit`;
    this.#page = db.prepare(page(""));
    this.#search = db.prepare(page("AND instr(fold, :query) > 0"));
  }

  /** Each kind is read in order from its own part of the index; of what they give together, the first are the page. */
  page({ after, limit, kinds = KINDS, query }: RoomPage): readonly StoredRoom[] {
    const from = { fold: after?.fold ?? "", name: after?.name ?? "", limit };
    const rowsOf = (kind: RoomKind) =>
      query === undefined ? this.#page.all({ ...from, kind }) : this.#search.all({ ...from, kind, query });
    const rows = [...new Set(kinds)].flatMap((kind) => rowsOf(kind) as unknown as readonly RoomRow[]);
    const inOrder = rows.sort(
      (left, right) => compareText(left.fold, right.fold) || compareText(left.name, right.name),
    );
    return inOrder.slice(0, limit).map(roomOfRow);
  }
}
