import { succeed } from "@papo/protocol";
import type { Caller, Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §2 */
export const hello: Handler<"HELLO", Caller> = async (_command, _caller, { statement, now, relay }) =>
  succeed({ tracker: statement, now: now(), relay: relay.told });
