import type { FaultTexts } from "../text-shapes.ts";

const OTHER_PROGRAM = "The other program may be damaged or of another version; updating Papo on both sides may help.";

export const faults: FaultTexts = {
  // what arrived is not the language
  frame_too_large: { happened: "A message was larger than the protocol allows.", advice: OTHER_PROGRAM },
  not_json: { happened: "Something that is not a message arrived.", advice: OTHER_PROGRAM },
  json_too_deep: { happened: "A message was nested too deeply.", advice: OTHER_PROGRAM },
  duplicate_key: { happened: "A message said the same thing twice.", advice: OTHER_PROGRAM },
  forbidden_key: { happened: "A message had a field that is not allowed.", advice: OTHER_PROGRAM },
  bad_text: {
    happened: "The text is not valid Unicode, or it is too long.",
    advice: "Shorten it, or take unusual characters out.",
  },
  invalid_message: { happened: "A message did not have the expected form.", advice: OTHER_PROGRAM },
  unknown_command: { happened: "The other program does not know this command.", advice: OTHER_PROGRAM },
  unsupported: {
    happened: "The other program cannot do this.",
    advice: "It may be an older version, or an original program.",
  },
  timeout: { happened: "The answer took too long.", advice: "Try again in a moment." },
  // accounts
  login_required: { happened: "You are not logged in.", advice: "Log in or register first." },
  already_logged_in: { happened: "You are already logged in.", advice: "Log out first." },
  invalid_credentials: { happened: "Invalid credentials.", advice: "Check the username and the password." },
  name_taken: {
    happened: "That username already exists.",
    advice: "If it is yours, log in. Otherwise choose another; one that looks almost the same is also refused.",
  },
  name_not_allowed: {
    happened: "That username is not allowed.",
    advice: "Use 1 to 32 letters of one alphabet or digits, without spaces; _ - . only in the middle.",
  },
  identity_required: {
    happened: "This account has a key that is not on this device.",
    advice: "A password alone cannot add a device to it.",
  },
  identity_weak: {
    happened: "This password once travelled unencrypted, so it cannot change the account's key.",
    advice: "Use a device that already has the account.",
  },
  statement_invalid: {
    happened: "The account's list of devices is not correctly signed.",
    advice: "Do not trust this contact before you have checked by another way.",
  },
  statement_stale: {
    happened: "A newer list of this account's devices exists.",
    advice: "Try again: the newer one is fetched first.",
  },
  // rooms
  room_exists: { happened: "A room of that name already exists.", advice: "Choose another name, or join it." },
  room_missing: { happened: "There is no such room.", advice: "Look at the list of rooms; capitals count." },
  room_full: { happened: "The room is full.", advice: "Try again when someone has left." },
  room_name_not_allowed: {
    happened: "That room name is not allowed.",
    advice: "Use 1 to 64 visible characters.",
  },
  room_kind_refused: {
    happened: "This kind of room is not possible here.",
    advice: "Unencrypted rooms need --allow-plaintext; an original tracker has no others.",
  },
  not_member: { happened: "You are not in this room.", advice: "Join it first." },
  not_owner: { happened: "Only the room's owner can do this.", advice: "Ask the owner." },
  limit_reached: { happened: "A limit is reached.", advice: "Leave or delete something you no longer need." },
  // peers
  peer_missing: { happened: "There is no such user.", advice: "Look at the list of peers; capitals count." },
  peer_offline: { happened: "Nobody there is online.", advice: "Try again when they are back." },
  wrong_recipient: {
    happened: "Somebody else answered at that address.",
    advice: "Nothing was told to them; the right address is looked up again.",
  },
  identity_changed: {
    happened: "This contact's key has changed.",
    advice: "Nothing is sent until you decide: /accept NAME or /block NAME.",
  },
  plaintext_refused: {
    happened: "The other program does not encrypt.",
    advice: "Start papo with --allow-plaintext if you want to talk to it anyway.",
  },
  unreachable: {
    happened: "No direct connection could be made.",
    advice: "A firewall or router may be in the way; trying again goes on by itself.",
  },
  // the connection
  replaced: {
    happened: "Your account logged in somewhere else with this same device.",
    advice: "Close one of the two, then log in again here.",
  },
  slow_down: { happened: "Too many commands at once.", advice: "Wait a moment." },
  busy: { happened: "The tracker is busy.", advice: "Try again in a moment." },
  draining: { happened: "The tracker is shutting down.", advice: "Papo reconnects by itself." },
  idle: { happened: "The connection was closed because nothing was said on it.", advice: "Try again." },
  dead: { happened: "The other side stopped answering.", advice: "Papo reconnects by itself." },
  too_slow: { happened: "The connection was too slow to keep up.", advice: "Papo reconnects by itself." },
  lost: { happened: "The connection was lost.", advice: "Papo reconnects by itself." },
  closed: { happened: "The other side closed the connection.", advice: "Try again." },
  tracker_unreachable: {
    happened: "The tracker does not answer.",
    advice: "Check its address and the network.",
  },
  tracker_key_changed: {
    happened: "The tracker's key is not the one known from before.",
    advice: "Someone may be posing as it. Ask whoever runs it for its papo:// address, and use that.",
  },
  storage_failed: {
    happened: "Could not be written to disk.",
    advice: "Check free space and permissions; nothing that was confirmed is lost.",
  },
  profile_copied: {
    happened: "This profile was also started from a copy.",
    advice: "Papo gives this device new keys; nothing that was sent is lost.",
  },
  room_read_only: {
    happened: "This room uses something that this Papo does not know yet.",
    advice: "Update Papo; you can read until then.",
  },
  room_closed: {
    happened: "This room was closed.",
    advice: "What was said stays here to be read; /forget deletes it.",
  },
  removed: { happened: "You were removed from this room.", advice: "Ask a moderator or the owner to let you back in." },
  not_allowed: { happened: "Your role in this room does not allow that.", advice: "Ask the owner or a moderator." },
  message_missing: { happened: "That message is not kept here.", advice: "Look it up again with /history." },
  invite_invalid: {
    happened: "This invite does not work: it has expired, was used up or was taken back.",
    advice: "Ask for a new one.",
  },
  not_accepted: {
    happened: "They have not accepted your contact request yet.",
    advice: "What you have written waits here, also after a restart, and goes out when they do.",
  },
  words_invalid: {
    happened: "Those are not the 24 words of an account.",
    advice: "Check their spelling and their order.",
  },
  backup_unreadable: {
    happened: "The backup cannot be opened: the passphrase is wrong, or the file is damaged.",
    advice: "Try the passphrase again, or another copy of the file.",
  },
};
