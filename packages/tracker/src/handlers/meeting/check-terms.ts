import { type Outcome, succeed } from "@papo/protocol";
import type { Meeting } from "../../commands.ts";
import type { Callable } from "../../services/introductions.ts";
import type { Terms } from "../../services/call-state.ts";

/** What a caller tells of itself is passed on only if it would be shown to its rooms as well. */
export function checkTerms({ addresses, relay }: Meeting, { whereabouts, device }: Callable): Outcome<Terms> {
  if (addresses === null) return succeed({ addresses, relay });
  const checked = whereabouts.check(addresses, device);
  return checked.ok ? succeed({ addresses, relay }) : checked;
}
