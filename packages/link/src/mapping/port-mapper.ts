import type { IpLiteral, Outcome } from "@papo/protocol";

/** How a router was asked: RFC 6887, RFC 6886, or UPnP's Internet Gateway Device. */
export type MappingWay = "pcp" | "nat-pmp" | "upnp";

/** A port of the router that leads to one of ours. */
export type PortMapping = {
  readonly way: MappingWay;
  /** What the router says that its address is; null if it does not. Not to be believed: routers stand behind routers. */
  readonly address: IpLiteral | null;
  readonly port: number;
  /** The router keeps it for this long unless it is renewed, which is our business. */
  readonly lifetimeMs: number;
};

/** One port of ours, opened in the router of this network. */
export interface PortMapper {
  /**
   * Asks the router for a way in to our port (TCP), again if it was asked before: the network may be another one. What there was for
   * another port is given back. Fails with `unsupported` if no router does that, at the latest after PORT_MAPPING_TIMEOUT_MS.
   */
  map(port: number): Promise<Outcome<PortMapping>>;
  /** Gives the port back, in PORT_UNMAPPING_TIMEOUT_MS at most. */
  unmap(): Promise<void>;
  /** The same, and nothing is asked any more. Idempotent. */
  close(): Promise<void>;
}
