import { type Outcome, succeed } from "@papo/protocol";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { LanDiscovery } from "./lan-discovery.ts";

/** The local network. What it needs is loaded now: a start that does without does not pay for it. Whoever opens it closes it. */
export async function openLan(ports: {
  readonly clock: Clock;
  readonly random: Random;
}): Promise<Outcome<LanDiscovery>> {
  const [{ MdnsLan }, { openMulticastWire }] = await Promise.all([
    import("./mdns-lan.ts"),
    import("./multicast-wire.ts"),
  ]);
  const wire = await openMulticastWire();
  return wire.ok ? succeed(new MdnsLan({ ...ports, wire: wire.value })) : wire;
}
