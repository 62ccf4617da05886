import type { Outcome, Username } from "@papo/protocol";
import { shownName } from "../names/shown-name.ts";
import type { Refusal } from "../panels/form-model.ts";
import { sayRefusal, type SignedIn, signedIn, type SignInParts } from "./signing-in.ts";

/** The account's keys are here again; that may not have logged it in yet. `field`: what may have been wrong. */
export async function cameBack(
  parts: SignInParts,
  back: Outcome<Username>,
  { field, done }: { readonly field: string; readonly done: (signedIn: SignedIn) => void },
): Promise<Refusal | undefined> {
  if (!back.ok) return { says: await sayRefusal(parts, back, undefined), field };
  const isIn = parts.peer.self === undefined ? await parts.peer.resume(back.value) : back;
  if (!isIn.ok) return { says: await sayRefusal(parts, isIn, back.value), field };
  done(signedIn(parts, isIn.value, parts.texts.classic.restored(shownName(isIn.value))));
  return undefined;
}
