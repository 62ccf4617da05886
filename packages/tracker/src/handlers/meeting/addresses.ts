import { fail, succeed } from "@papo/protocol";
import type { Handler } from "../../domain.ts";

/** docs/protocol/tracker.md §3.6 */
export const addresses: Handler<"ADDRESSES"> = async (command, { online }, { attendance }) => {
  const { device, whereabouts } = online;
  if (device === null) return fail("unknown_command", "a session with a device");
  const checked = whereabouts.checkNewer(command.addresses, device);
  if (!checked.ok) return checked;
  whereabouts.take(checked.value);
  attendance.moved(online);
  return succeed({});
};
