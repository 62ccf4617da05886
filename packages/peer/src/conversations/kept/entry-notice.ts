import type { AccountKey } from "@papo/protocol";
import type { RoomNotice } from "../../api.ts";
import type { StoredEntry } from "../../storage/history/history.ts";
import type { RoomState } from "../log/room-state.ts";
import type { MemberNames } from "./member-names.ts";
import { controlOf } from "./read-entry.ts";

/** What a control entry tells people; undefined where it tells them nothing, as when it counts for nothing or is about keys. */
export function noticeOf(
  entry: StoredEntry,
  { state, names }: { readonly state: RoomState; readonly names: MemberNames },
): RoomNotice | undefined {
  if (state.voidIds.has(entry.id)) return undefined;
  const control = controlOf(entry);
  const author = state.accountOf(entry.author);
  if (control === undefined) return undefined;
  const of = (account: AccountKey | undefined): RoomNotice["about"] =>
    account === undefined ? null : names.of(account);

  switch (control.kind) {
    case "genesis":
      return { kind: "created", about: null, detail: null };
    case "join":
      return { kind: "joined", about: of(author), detail: null };
    case "admit":
      return { kind: "admitted", about: of(control.body.account), detail: null };
    case "leave":
      return { kind: "left", about: of(author), detail: null };
    case "remove":
      return { kind: "removed", about: of(control.body.account), detail: control.body.bar ? "barred" : null };
    case "role":
      return { kind: "role", about: of(control.body.account), detail: control.body.role };
    case "topic":
      return { kind: "topic", about: null, detail: control.body.text };
    case "close":
      return { kind: "closed", about: null, detail: null };
    case "fork":
      return { kind: "forked", about: of(state.accountOf(control.body.device)), detail: null };
    case "upgrade":
      return { kind: "upgraded", about: null, detail: control.body.features.join(", ") };
    case "device":
    case "merge":
      return undefined;
  }
}
