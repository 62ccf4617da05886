import { succeed } from "@papo/protocol";
import type { Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §3.3 */
export const logout: Handler<"LOGOUT"> = async (_command, { online }, { attendance, log }) => {
  await attendance.logout(online);
  log.event({ kind: "logged_out", username: online.username });
  return succeed({});
};
