import { DIALLED_PORT_MIN, type IpLiteral, fail, fault, succeed } from "@papo/protocol";
import type { Caller, Handler } from "../../domain.ts";

/** Only ever at the address that the caller itself is seen at. docs/protocol/tracker.md §7.2 */
export const checkReach: Handler<"CHECK_REACH", Caller> = async (command, { remoteAddress, online }, domain) => {
  const port = command.port ?? online?.port;
  if (port === undefined) return fail("invalid_message", "port: expected one before login");
  if (port < DIALLED_PORT_MIN) return fail("invalid_message", `port: expected ${DIALLED_PORT_MIN} or above`);

  const { reachChecks, admission, monotonicMs } = domain;
  const place = { host: remoteAddress, port };
  const known = reachChecks.known(place);
  if (known === undefined) {
    const retryAfterMs = admission.reachCheck(remoteAddress, monotonicMs());
    if (retryAfterMs > 0) return { ok: false, fault: { ...fault("slow_down", "fewer checks"), retryAfterMs } };
  }
  const reached = await (known ?? reachChecks.look(place));
  if (reached === "full") return fail("busy", "fewer checks at once");
  // The link tells addresses in their usual spelling, which is what an IpLiteral is.
  return succeed({ reached, address: remoteAddress as IpLiteral, port });
};
