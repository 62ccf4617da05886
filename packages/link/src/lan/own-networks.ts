import { BlockList } from "node:net";
import { LAN_NETWORKS_MAX } from "@papo/protocol";
import { interfaceAddresses } from "../local-addresses.ts";

/** An IPv4 network that this machine is in: its address there, and who else may be in it. */
export type OwnNetwork = { readonly address: string; readonly cidr: string };

/** Those with neighbours: not loopback, and no tunnel to a single other end. */
export function ownNetworks(): readonly OwnNetwork[] {
  const networks = interfaceAddresses().flatMap(({ family, internal, address, cidr }) =>
    family === "IPv4" && !internal && cidr !== null && !cidr.endsWith("/32") ? { address, cidr } : [],
  );
  return networks.slice(0, LAN_NETWORKS_MAX);
}

/** Which addresses are in one of these networks. */
export function neighboursIn(networks: readonly OwnNetwork[]): BlockList {
  const neighbours = new BlockList();
  for (const { cidr } of networks) {
    const [subnet = "", prefix = ""] = cidr.split("/");
    neighbours.addSubnet(subnet, Number(prefix));
  }
  return neighbours;
}
