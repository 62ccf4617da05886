import { NAME_BYTES_MAX, port as portSchema } from "@papo/protocol";
import * as v from "valibot";
import type { StoredPeer } from "../repositories/peer-repository.ts";
import type { ImportNotes } from "./import-note.ts";
import type { ReportEntries } from "./report-files.ts";
import { reportUsername } from "./report-users.ts";

const LAST_PING_CHARS_MAX = 64;

/** What does not fit is as good as absent: an address is only where somebody once was. */
const reportPeer = v.object({
  last_ping: v.fallback(v.nullable(v.pipe(v.string(), v.maxLength(LAST_PING_CHARS_MAX), v.check(isWellFormed))), null),
  address: v.fallback(v.nullable(v.pipe(v.string(), v.maxBytes(NAME_BYTES_MAX), v.check(isWellFormed))), null),
  port: v.fallback(v.nullable(portSchema), null),
  connected: v.fallback(v.boolean(), false),
});

/** `{USERNAME: PEER}` (report §1.1.3). */
export function peersOfReport(entries: ReportEntries, notes: ImportNotes): readonly StoredPeer[] {
  return [...entries].flatMap(([name, value]) => {
    const username = reportUsername(name);
    const peer = v.safeParse(reportPeer, value);
    if (username !== undefined && peer.success) {
      const { last_ping: lastPing, address, port, connected } = peer.output;
      return [{ username, address, port, lastPing, connected }];
    }
    notes.add("unusable_entry", name);
    return [];
  });
}

function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}
