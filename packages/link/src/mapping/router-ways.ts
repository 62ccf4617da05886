import { ROUTERS_ASKED_MAX } from "@papo/protocol";
import { DatagramWay } from "./datagram-way.ts";
import { findUpnpRouters } from "./find-upnp.ts";
import { likelyGateways } from "./gateways.ts";
import type { PortMapperPorts } from "./open-port-mapper.ts";
import type { PortMapper } from "./port-mapper.ts";
import { RouterPortMapper } from "./router-port-mapper.ts";
import type { RouterWay } from "./router-way.ts";
import { UpnpWay } from "./upnp-way.ts";

const NONCE_BYTES = 12;
/** Where PCP and NAT-PMP are spoken. */
const ROUTER_PORT = 5_351;

/** Asks in PCP, then in NAT-PMP, then by UPnP: the first are one datagram each, the last is a search and several calls. */
export function routerMapper({ clock, random, changed }: PortMapperPorts): PortMapper {
  const nonce = random.bytes(NONCE_BYTES);
  async function* ways(signal: AbortSignal): AsyncIterable<RouterWay> {
    for (const host of (await likelyGateways()).slice(0, ROUTERS_ASKED_MAX))
      yield new DatagramWay({ clock, router: { host, port: ROUTER_PORT }, nonce });
    for (const router of await findUpnpRouters(clock, signal)) yield new UpnpWay(router, random);
  }
  return new RouterPortMapper({ clock, changed, ways });
}
