// What a router says in UPnP, taken from texts of anybody in the network: looked for, never executed, no entity resolved.

/** Where a router is described. `host` is its own address, or it is not asked. */
export function locationIn(answer: string, host: string): URL | undefined {
  if (!/^HTTP\/1\.[01] 200/u.test(answer)) return undefined;
  const header = answer.split(/\r?\n/u).find((line) => /^location:/iu.test(line));
  return ownUrl(header?.slice("location:".length).trim() ?? "", undefined, host);
}

export type UpnpService = { readonly type: string; readonly control: URL };

const SERVICE_TYPE = /^urn:schemas-upnp-org:service:(WANIPConnection:[12]|WANPPPConnection:1)$/u;

/** The first service that maps ports. */
export function serviceIn(description: string, location: URL): UpnpService | undefined {
  for (const part of description.split("<service>").slice(1)) {
    const end = part.indexOf("</service>");
    if (end === -1) continue;
    const service = part.slice(0, end);
    const type = elementIn(service, "serviceType") ?? "";
    const control = ownUrl(elementIn(service, "controlURL") ?? "", location, location.hostname);
    if (SERVICE_TYPE.test(type) && control !== undefined) return { type, control };
  }
  return undefined;
}

/** A place at that very host: what calls itself a router may not send us to anybody else. */
function ownUrl(text: string, base: URL | undefined, host: string): URL | undefined {
  if (text === "") return undefined;
  const url = URL.parse(text, base?.href);
  const isOwn = url?.protocol === "http:" && url.hostname === host && url.username === "" && url.password === "";
  return isOwn ? url : undefined;
}

/** The text in the first element of that name, which may have a prefix. */
export function elementIn(text: string, name: string): string | undefined {
  const start = new RegExp(`<(?:[A-Za-z0-9_-]{1,16}:)?${name}>`, "u").exec(text);
  if (start === null) return undefined;
  const from = start.index + start[0].length;
  const end = text.indexOf("<", from);
  return end === -1 ? undefined : text.slice(from, end).trim();
}

/** One call of an action. The values are our own: numbers, addresses and `papo`. */
export function soapCall(
  type: string,
  action: string,
  values: readonly (readonly [string, string | number])[],
): string {
  const parts = values.map(([name, value]) => `<${name}>${value}</${name}>`).join("");
  return (
    `<?xml version="1.0"?>\r\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ` +
    `s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:${action} xmlns:u="${type}">${parts}` +
    `</u:${action}></s:Body></s:Envelope>\r\n`
  );
}
