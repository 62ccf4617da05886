import { FAULTS, type Fault, type FaultCode, fault } from "@papo/protocol";
import type { LinkPath } from "../../api.ts";

/** What our own side ended says nothing about the other one. */
const OWN_DOING: ReadonlySet<FaultCode> = new Set(["closed", "replaced"]);

/**
 * Of all that went wrong, what tells most: what somebody has to mend (a changed key), then why the addresses did not answer, then what the other ways
 * came to. What a tracker says of a call is mended by time: it is no judgement of a person.
 */
export function tellingFault(faults: readonly { readonly path: LinkPath | "call"; readonly reason: Fault }[]): Fault {
  const ways = faults.filter(({ path, reason }) => path !== "call" && !OWN_DOING.has(reason.code));
  const serious = ways.find(({ reason }) => FAULTS[reason.code] === "change");
  const direct = ways.findLast(({ path }) => path === "direct");
  const told = serious ?? direct ?? ways.at(-1);
  if (told !== undefined) return told.reason;
  const called = faults.find(({ path }) => path === "call")?.reason;
  if (called === undefined) return fault("unreachable", "no way to them");
  return FAULTS[called.code] === "later" ? called : { ...called, code: "unreachable" };
}
