import type { AccountKey, Fault, Username } from "@papo/protocol";
import { fault } from "@papo/protocol";
import type { Explanation, Message, PersonExplanation, Reach } from "../../api.ts";
import type { StoredEntry } from "../../storage/history/history.ts";
import type { KeptPorts } from "./kept-ports.ts";
import type { KeptRoom } from "./kept-room.ts";
import { mayRead } from "./recipients.ts";

/** Where one message stands with each member of its room, and why. */
export function explainMessage(
  { room, line, message }: { readonly room: KeptRoom; readonly line: StoredEntry; readonly message: Message },
  ports: Pick<KeptPorts, "spread" | "people">,
): Explanation {
  const storedBy = ports.spread.storedBy(room.id, line.author, line.seq);
  const readBy = ports.spread.readBy(room.id, line.author, line.seq);
  const recipients = room.recipients(line);
  const accounts = new Set([...recipients, ...room.state.memberByAccount.keys()]);
  accounts.delete(room.self);
  const people = [...accounts].map((account): PersonExplanation => {
    const person = explainPerson(room.names.of(account), account, ports);
    if (!recipients.has(account) && !mayRead(account, line, room.state))
      return { ...person, has: "not_for_them", reason: null };
    if (readBy.has(account)) return { ...person, has: "read", reason: null };
    if (storedBy.has(account)) return { ...person, has: "stored", reason: null };
    const has = person.reach.kind === "linked" ? "sent" : "waiting";
    return { ...person, has, reason: room.state.memberByAccount.has(account) ? person.reason : GONE };
  });
  const byName = people.toSorted((one, other) => (one.username < other.username ? -1 : 1));
  return { about: { kind: "message", message }, people: byName };
}

export function explainPerson(
  username: Username,
  account: AccountKey,
  { people }: Pick<KeptPorts, "people">,
): PersonExplanation {
  const reach = people.reach(username);
  const trust = people.trust(username, account);
  const lastSeenMs = people.lastSeenMs(account);
  const reason = trust === "changed" ? CHANGED : whyNot(reach);
  return { username, account, trust, reach, lastSeenMs, has: null, reason, attempts: [] };
}

function whyNot(reach: Reach): Fault | null {
  switch (reach.kind) {
    case "self":
    case "linked":
      return null;
    case "offline":
    case "unknown":
      return OFFLINE;
    case "connecting":
      return CONNECTING;
    case "unreachable":
      return reach.reason;
  }
}

const OFFLINE = fault("peer_offline", "not online");
const CONNECTING = fault("unreachable", "not connected yet");
const CHANGED = fault("identity_changed", "the key of this name changed");
const GONE = fault("not_member", "no member of the room any more");
