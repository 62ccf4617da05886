import type { RoomNotice } from "@papo/peer/api";
import { safeText } from "@papo/protocol";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { shownName } from "../names/shown-name.ts";

/** `by`: the author's name as it is shown. */
export function noticeText({ kind, about, detail }: RoomNotice, by: string, { kept, feed }: Catalogue): string {
  const whom = about === null ? by : shownName(about);
  switch (kind) {
    case "created":
      return kept.created(by);
    case "joined":
      return feed.joined(whom);
    case "admitted":
      return kept.admitted(whom, by);
    case "left":
      return feed.left(whom);
    case "removed":
      return kept.removed(whom, by);
    case "role":
      return kept.gaveRole(by, whom, roleText(detail, kept.roles));
    case "topic":
      return kept.topicSet(by, safeText(detail ?? ""));
    case "closed":
      return kept.closed(by);
    case "forked":
      return kept.forked(whom);
    case "upgraded":
      return kept.upgraded(by);
  }
}

function roleText(role: string | null, roles: Catalogue["kept"]["roles"]): string {
  return role === "owner" || role === "moderator" ? roles[role] : roles.member;
}
