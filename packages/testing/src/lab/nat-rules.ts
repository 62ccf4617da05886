/**
 * `preserving`: keeps the port of who is inside, drops what nobody inside asked for. Most home routers.
 * `symmetric`: another random port for each place that is talked to. Some offices and mobile networks.
 * `rst`: as `preserving`, but answers what nobody asked for with a reset, which ends a simultaneous open that comes too early.
 * `firewall`: IPv6 without translation; drops what nobody inside asked for.
 */
export type NatKind = "preserving" | "symmetric" | "rst" | "firewall";

export const OUTSIDE = "wan";
export const INSIDE = "lan";

/** The chains that miniupnpd fills, in the table and by the names that it has unless told otherwise. */
const MAPPED = "chain miniupnpd {\n}\nchain prerouting_miniupnpd {\n}\nchain postrouting_miniupnpd {\n}";

/** The rules of a home router. What it refuses it drops in silence, unless its kind says so. Some kernels ask them about what only crosses the inner bridge as well. */
export function natRules(kind: NatKind): string {
  const unasked = kind === "rst" ? "meta l4proto tcp reject with tcp reset" : "drop";
  const translation = kind === "symmetric" ? "masquerade random,fully-random" : "masquerade";
  const source = kind === "firewall" ? "" : `meta nfproto ipv4 oifname "${OUTSIDE}" ${translation}`;
  return `table inet filter {
    ${MAPPED}
    chain forward {
      type filter hook forward priority filter; policy drop
      ct state established,related accept
      iifname "${INSIDE}" oifname { "${OUTSIDE}", "${INSIDE}" } accept
      jump miniupnpd
      ${unasked}
    }
    chain input {
      type filter hook input priority filter; policy drop
      ct state established,related accept
      iifname { "${INSIDE}", "lo" } accept
      meta l4proto { icmp, ipv6-icmp } accept
      ${unasked}
    }
    chain mapped {
      type nat hook prerouting priority dstnat; policy accept
      iifname "${OUTSIDE}" jump prerouting_miniupnpd
    }
    chain translated {
      type nat hook postrouting priority srcnat; policy accept
      jump postrouting_miniupnpd
      ${source}
    }
  }`;
}
