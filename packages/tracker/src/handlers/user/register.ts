import { fault } from "@papo/protocol";
import type { Caller, Handler } from "../../domain.ts";
import { enter, offeredBy } from "./enter.ts";

/** docs/protocol/tracker.md §3.1 */
export const register: Handler<"REGISTER", Caller> = async (command, caller, domain) => {
  const { admission, accounts, log } = domain;
  if (admission.isReserved) return { ok: false, fault: fault("busy", "a place that is not kept for known devices") };
  const retryAfterMs = admission.registration(caller.remoteAddress, domain.monotonicMs());
  if (retryAfterMs > 0) return { ok: false, fault: { ...fault("slow_down", "fewer registrations"), retryAfterMs } };

  const registered = await accounts.register({ ...command, newIdentity: false, ...offeredBy(caller, command) });
  if (!registered.ok) return registered;
  log.event({ kind: "registered", username: command.username });
  return enter(registered.value, { command, caller, domain });
};
