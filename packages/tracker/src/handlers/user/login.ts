import { type Fault, fault } from "@papo/protocol";
import type { CommandOf } from "../../commands.ts";
import type { Caller, Domain, Handler } from "../../domain.ts";
import { enter, offeredBy } from "./enter.ts";

/** docs/protocol/tracker.md §3.2 */
export const login: Handler<"LOGIN", Caller> = async (command, caller, domain) => {
  const refusal = refuse(command, caller, domain);
  if (refusal !== undefined) return { ok: false, fault: refusal };

  const admitted = await domain.accounts.login({ ...command, ...offeredBy(caller, command) });
  if (!admitted.ok) return admitted;
  if (admitted.value.decision === "replace") {
    domain.log.event({ kind: "identity_changed", username: command.username });
  }
  return enter(admitted.value, { command, caller, domain });
};

/** A login by key costs nothing and is never held back: it is how everybody returns after a restart. */
function refuse(
  { password }: CommandOf<"LOGIN">,
  { remoteAddress }: Caller,
  { admission, monotonicMs }: Domain,
): Fault | undefined {
  if (password === undefined) return undefined;
  if (admission.isReserved) return fault("busy", "a place that is not kept for known devices");
  const retryAfterMs = admission.loginAttempt(remoteAddress, monotonicMs());
  return retryAfterMs > 0 ? { ...fault("slow_down", "fewer attempts"), retryAfterMs } : undefined;
}
