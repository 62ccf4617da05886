import type { FaultCode, Outcome, Username } from "@papo/protocol";
import { shownName } from "../names/shown-name.ts";
import type { Refusal } from "../panels/form-model.ts";
import { sayRefusal, type SignedIn, signedIn, type SignInParts } from "./signing-in.ts";

/** The account's keys are here again; that may not have logged it in yet. `field`: what may have been wrong. */
export async function cameBack(
  parts: SignInParts,
  back: Outcome<Username>,
  { field, done }: { readonly field: string; readonly done: (signedIn: SignedIn) => void },
): Promise<Refusal | undefined> {
  if (!back.ok) return refusalOf(await sayRefusal(parts, back, undefined), back.fault.code, field);
  const isIn = parts.peer.self === undefined ? await parts.peer.resume(back.value) : back;
  if (!isIn.ok) return refusalOf(await sayRefusal(parts, isIn, back.value), isIn.fault.code, field);
  done(signedIn(parts, isIn.value, parts.texts.classic.restored(shownName(isIn.value))));
  return undefined;
}

/** Of a tracker that is not there, nothing that was typed is to blame. */
function refusalOf(says: string, code: FaultCode, field: string): Refusal {
  return code === "tracker_unreachable" ? { says } : { says, field };
}
