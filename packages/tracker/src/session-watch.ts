import type { Fault, FaultCode } from "@papo/protocol";
import type { CommandName } from "./commands.ts";
import type { Announcement } from "./services/announcement.ts";
import type { Session } from "./session.ts";

/** What the tracker counts about its sessions. */
export interface SessionWatch {
  commanded(name: CommandName, outcome: "ok" | FaultCode): void;
  pushed(kind: Announcement["kind"]): void;
  closed(session: Session, reason: Fault): void;
}
