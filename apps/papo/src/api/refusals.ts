import { API_CLIENTS_MAX, API_REQUEST_BYTES_MAX, type Fault, fault } from "@papo/protocol";

// What the socket itself refuses, for programs: like all details of faults these are in English, and no screen shows them.

// untranslated: for programs and logs
export const NO_METHOD: Fault = fault("unknown_command", "method: expected one that exists");
// untranslated: for programs and logs
export const NO_ROOM: Fault = fault("room_missing", "room: expected one of which you are a member");
// untranslated: for programs and logs
export const NO_PERSON: Fault = fault("peer_missing", "username: expected one");
// untranslated: for programs and logs
export const NO_JSON: Fault = fault("not_json", "expected one JSON value a line");
// untranslated: for programs and logs
export const HAS_ENDED: Fault = fault("closed", "the Papo that ran has ended");
// untranslated: for programs and logs
export const NOT_TAKEN: Fault = fault("unsupported", "the Papo that runs did not take the request");
// untranslated: for programs and logs
export const NO_TEXT: Fault = fault("bad_text", "expected UTF-8");
// untranslated: for programs and logs
export const TOO_LONG: Fault = fault("frame_too_large", `request: expected at most ${API_REQUEST_BYTES_MAX} bytes`);
// untranslated: for programs and logs
export const TOO_MANY: Fault = fault("limit_reached", `socket: expected at most ${API_CLIENTS_MAX} programs at once`);
