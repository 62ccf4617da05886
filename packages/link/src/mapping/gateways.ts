import { readFile } from "node:fs/promises";
import { isIpv4 } from "@papo/protocol";
import { neighboursIn, ownNetworks } from "../lan/own-networks.ts";

/** Where Linux tells the IPv4 routes, addresses as hexadecimal numbers in the machine's byte order. */
const ROUTES = "/proc/net/route";
const ROUTES_CHARS_MAX = 262_144;

/**
 * Who may be the router of this machine, most likely first. Where the system tells its routes in no file, it is taken to have the first address of a network, as
 * nearly all home routers do. Only neighbours are named.
 */
export async function likelyGateways(): Promise<readonly string[]> {
  const networks = ownNetworks();
  const neighbours = neighboursIn(networks);
  const routed = gatewaysIn(await routes());
  const guessed = networks.map(({ address }) => address.replace(/\.\d+$/u, ".1"));
  const likely = routed.length > 0 ? routed : guessed;
  return [...new Set(likely)].filter((gateway) => neighbours.check(gateway) && !isOwn(gateway, networks));
}

function isOwn(gateway: string, networks: readonly { readonly address: string }[]): boolean {
  return networks.some(({ address }) => address === gateway);
}

async function routes(): Promise<string> {
  try {
    return (await readFile(ROUTES, "latin1")).slice(0, ROUTES_CHARS_MAX);
  } catch {
    return "";
  }
}

/** Those of the default routes. */
export function gatewaysIn(text: string): readonly string[] {
  const rows = text.split("\n").map((line) => line.split("\t"));
  return rows.flatMap(([, destination, gateway]) => {
    if (destination !== "00000000" || gateway === undefined || !/^[0-9A-F]{8}$/u.test(gateway)) return [];
    // The machines that Papo runs on have the lowest byte first.
    const address = [6, 4, 2, 0].map((at) => Number.parseInt(gateway.slice(at, at + 2), 16)).join(".");
    return isIpv4(address) && address !== "0.0.0.0" ? [address] : [];
  });
}
