import { isIpv4, isIpv6 } from "@papo/protocol";

/** What counts as one address for limits: an IPv4 address, or an IPv6 /64. */
export function addressGroup(address: string): string {
  return isIpv6(address) ? expandIpv6(address).slice(0, 4).join(":") : address;
}

/** 127.0.0.0/8 and ::1 (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3). */
export function isLoopback(address: string): boolean {
  if (isIpv4(address)) return address.startsWith("127.");
  return isIpv6(address) && expandIpv6(address).join(":") === "0:0:0:0:0:0:0:1";
}

/** One spelling for each address, to compare by. */
export function spelledOut(address: string): string {
  return isIpv6(address) ? expandIpv6(address).join(":") : address;
}

/** Eight groups without leading zeros; a dotted tail counts as two. */
function expandIpv6(address: string): string[] {
  const [head = "", tail] = address.toLowerCase().split("::");
  const left = groupsOf(head);
  if (tail === undefined) return left;
  const right = groupsOf(tail);
  return [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
}

function groupsOf(text: string): string[] {
  return text.split(":").flatMap((group) => {
    if (group === "") return [];
    if (!group.includes(".")) return [Number.parseInt(group, 16).toString(16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
  });
}
