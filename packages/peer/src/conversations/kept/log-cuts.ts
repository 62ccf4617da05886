import { type AccountKey, CUT_DEVICES_MAX, type Cut, type DeviceKey } from "@papo/protocol";
import type { RoomReplica } from "../log/room-replica.ts";

/**
 * How far the devices of an account are held here: what a `remove` or a `leave` lets count. Devices that may write and have not yet are named too, with
 * nothing, so that nothing of theirs counts later.
 */
export function cutsOf(replica: Pick<RoomReplica, "state" | "heads">, account: AccountKey): readonly Cut[] {
  const { state } = replica;
  const cutByDevice = new Map<DeviceKey, Cut>();
  for (const device of state.memberByAccount.get(account)?.devices ?? [])
    cutByDevice.set(device, { device, control: null, content: null });
  for (const { device, control, content } of replica.heads())
    if (state.accountOf(device) === account) cutByDevice.set(device, { device, control, content });
  return [...cutByDevice.values()].slice(0, CUT_DEVICES_MAX);
}
