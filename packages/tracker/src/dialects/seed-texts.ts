import { type Fault, SEED_TEXTS } from "@papo/protocol";
import type { Command, CommandName } from "../commands.ts";

type Refusal = {
  readonly fault: Fault;
  readonly cmd: CommandName | undefined;
  readonly room: string;
  readonly username: string;
};

/** What the report's program would have said. docs/protocol/seed.md §4 */
export function seedErrorText({ fault: { code }, cmd, room, username }: Refusal): string {
  switch (code) {
    case "login_required":
      return SEED_TEXTS.loginRequired;
    case "unknown_command":
    case "already_logged_in":
      return SEED_TEXTS.unsupportedCommand;
    case "invalid_message":
      return malformedText(cmd);
    case "invalid_credentials":
      return SEED_TEXTS.invalidCredentials;
    case "name_taken":
    case "name_not_allowed":
      return SEED_TEXTS.nameTaken;
    case "room_exists":
    case "room_name_not_allowed":
      return SEED_TEXTS.roomExists(room);
    case "room_missing":
      return cmd === "DELETE_ROOM" ? SEED_TEXTS.roomNotDeletable(room) : SEED_TEXTS.roomMissing(room);
    case "room_full":
    case "room_kind_refused":
      return SEED_TEXTS.roomMissingOrFull(room);
    case "limit_reached":
      return SEED_TEXTS.roomLimit;
    case "not_member":
      return SEED_TEXTS.notInRoom(username, room);
    case "not_owner":
      return SEED_TEXTS.roomNotDeletable(room);
    case "busy":
      return SEED_TEXTS.busy;
    case "slow_down":
      return SEED_TEXTS.slowDown;
    case "replaced":
    case "identity_changed":
      return SEED_TEXTS.replaced;
    case "storage_failed":
      return SEED_TEXTS.storageFailed;
    default:
      return SEED_TEXTS.badRequest;
  }
}

const WITH_FIELDS: ReadonlySet<CommandName> = new Set([
  "REGISTER",
  "CREATE_ROOM",
  "JOIN_ROOM",
  "LEAVE_ROOM",
  "DELETE_ROOM",
]);

/** A command with a missing or mistyped field. */
function malformedText(cmd: CommandName | undefined): string {
  if (cmd === "LOGIN") return SEED_TEXTS.invalidCredentials;
  return cmd !== undefined && WITH_FIELDS.has(cmd) ? SEED_TEXTS.missingParameters : SEED_TEXTS.badRequest;
}

/** The room that a seed command names, for the texts. */
export function roomNamed(command: Command | undefined): string {
  if (command === undefined || !("room" in command)) return "";
  if (typeof command.room === "string") return command.room;
  return "name" in command.room ? command.room.name : "";
}
