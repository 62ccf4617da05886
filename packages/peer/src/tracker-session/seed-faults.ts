import { type Fault, type FaultCode, SEED_TEXTS, type SeedCommand, fault } from "@papo/protocol";

/** An original tracker has texts and no codes. What each command's refusal usually means. */
const USUAL: Record<SeedCommand, FaultCode> = {
  REGISTER: "name_taken",
  LOGIN: "invalid_credentials",
  LIST_PEERS: "unsupported",
  LIST_ROOMS: "unsupported",
  CREATE_ROOM: "room_exists",
  JOIN_ROOM: "room_missing",
  LEAVE_ROOM: "not_member",
  DELETE_ROOM: "not_owner",
  LOGOUT: "unsupported",
};

const CODE_BY_TEXT = new Map<string, FaultCode>([
  [SEED_TEXTS.loginRequired, "login_required"],
  [SEED_TEXTS.unsupportedCommand, "unsupported"],
  [SEED_TEXTS.missingParameters, "invalid_message"],
  [SEED_TEXTS.badRequest, "invalid_message"],
  [SEED_TEXTS.busy, "busy"],
  [SEED_TEXTS.slowDown, "slow_down"],
  [SEED_TEXTS.replaced, "replaced"],
  [SEED_TEXTS.storageFailed, "storage_failed"],
]);

export function seedFault(command: SeedCommand | undefined, room: string, msg: string): Fault {
  const known = CODE_BY_TEXT.get(msg);
  if (known !== undefined) return fault(known, SAID);
  if (command === undefined) return fault("lost", SAID);
  if (command === "JOIN_ROOM" && msg === SEED_TEXTS.roomMissingOrFull(room)) return fault("room_full", SAID);
  if (command === "LEAVE_ROOM" && msg === SEED_TEXTS.roomMissing(room)) return fault("room_missing", SAID);
  return fault(USUAL[command], SAID);
}

const SAID = "said by an original tracker";
