import * as v from "valibot";

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}$/u;
const IPV4_TAIL = /(?:^|:)((?:\d{1,3}\.){3}\d{1,3})$/u;

/**
 * An IP address in its one usual spelling: dotted decimal, or RFC 4291 hexadecimal groups.
 * Names, other radixes, zones and leading zeros are refused: nothing here is ever looked up.
 */
export const ipLiteral = v.pipe(v.string(), v.maxLength(45), v.check(isIpLiteral, "IP address"), v.brand("IpLiteral"));
export type IpLiteral = v.InferOutput<typeof ipLiteral>;

export function isIpLiteral(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

export function isIpv4(text: string): boolean {
  return text.length <= 15 && IPV4.test(text) && !text.endsWith(".");
}

export function isIpv6(text: string): boolean {
  if (text.length > 45 || !/^[0-9a-f:.]+$/iu.test(text)) return false;

  let groups = text;
  const tail = IPV4_TAIL.exec(text)?.[1];
  if (tail !== undefined) {
    if (!isIpv4(tail)) return false;
    groups = `${text.slice(0, -tail.length)}0:0`;
  }

  const halves = groups.split("::");
  if (halves.length > 2) return false;
  const parts = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (!parts.every((part) => /^[0-9a-f]{1,4}$/iu.test(part))) return false;
  return halves.length === 2 ? parts.length <= 7 : parts.length === 8;
}
