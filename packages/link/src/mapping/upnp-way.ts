import {
  DIALLED_PORT_MIN,
  type IpLiteral,
  PORT_MAPPING_LIFETIME_MS,
  PORT_MAPPING_TRIES_MAX,
  ROUTER_ANSWER_BYTES_MAX,
  decodeWith,
  ipLiteral,
} from "@papo/protocol";
import type { Random } from "../random.ts";
import type { PortMapping } from "./port-mapper.ts";
import type { RouterWay, WantedMapping } from "./router-way.ts";
import { type UpnpService, elementIn, serviceIn, soapCall } from "./upnp-texts.ts";

/** All that a router and whoever else looks at its list learns of us. */
const DESCRIPTION = "papo";
/** The two words with which a router says that somebody else has this port (UPnP WANIPConnection §2.4.16). */
const TAKEN = new Set(["718", "729"]);
const ONLY_PERMANENT = "725";
const PORT_MAX = 65_535;

export type UpnpRouter = {
  readonly location: URL;
  /** Our address in its network. */
  readonly client: string;
};

type Said = { readonly ok: boolean; readonly text: string };

/** A router with an Internet Gateway Device, of version 1 or 2. */
export class UpnpWay implements RouterWay {
  readonly #router: UpnpRouter;
  readonly #random: Random;
  #service: UpnpService | undefined;

  constructor(router: UpnpRouter, random: Random) {
    this.#router = router;
    this.#random = random;
  }

  async map({ port, outside }: WantedMapping, signal: AbortSignal): Promise<PortMapping | undefined> {
    this.#service ??= await this.#describe(signal);
    let wanted = outside;
    for (let tries = 0; tries < PORT_MAPPING_TRIES_MAX; tries += 1) {
      const added = await this.#add({ port, outside: wanted }, signal);
      if (added === "added") return this.#mapping(wanted, signal);
      if (added === "refused") return undefined;
      wanted = this.#anyPort();
    }
    return undefined;
  }

  async unmap({ outside }: WantedMapping, signal: AbortSignal): Promise<void> {
    await this.#call("DeletePortMapping", placeOf(outside), signal);
  }

  async #mapping(port: number, signal: AbortSignal): Promise<PortMapping> {
    return { way: "upnp", address: await this.#address(signal), port, lifetimeMs: PORT_MAPPING_LIFETIME_MS };
  }

  async #address(signal: AbortSignal): Promise<IpLiteral | null> {
    const said = await this.#call("GetExternalIPAddress", [], signal);
    const address = decodeWith(ipLiteral, elementIn(said?.text ?? "", "NewExternalIPAddress"));
    return address.ok ? address.value : null;
  }

  async #describe(signal: AbortSignal): Promise<UpnpService | undefined> {
    const said = await ask(this.#router.location, {}, signal);
    return said?.ok === true ? serviceIn(said.text, this.#router.location) : undefined;
  }

  async #add(wanted: WantedMapping, signal: AbortSignal): Promise<"added" | "taken" | "refused"> {
    const added = await this.#addFor(wanted, PORT_MAPPING_LIFETIME_MS / 1_000, signal);
    // Some routers keep a mapping until it is taken back. We do that.
    return added === "permanent" ? this.#lastTry(wanted, signal) : added;
  }

  async #lastTry(wanted: WantedMapping, signal: AbortSignal): Promise<"added" | "taken" | "refused"> {
    const added = await this.#addFor(wanted, 0, signal);
    return added === "permanent" ? "refused" : added;
  }

  async #addFor(
    { port, outside }: WantedMapping,
    seconds: number,
    signal: AbortSignal,
  ): Promise<"added" | "taken" | "refused" | "permanent"> {
    const said = await this.#call(
      "AddPortMapping",
      [
        ...placeOf(outside),
        ["NewInternalPort", port],
        ["NewInternalClient", this.#router.client],
        ["NewEnabled", 1],
        ["NewPortMappingDescription", DESCRIPTION],
        ["NewLeaseDuration", seconds],
      ],
      signal,
    );
    if (said === undefined) return "refused";
    if (said.ok) return "added";
    const code = elementIn(said.text, "errorCode") ?? "";
    if (code === ONLY_PERMANENT) return "permanent";
    return TAKEN.has(code) ? "taken" : "refused";
  }

  async #call(
    action: string,
    values: readonly (readonly [string, string | number])[],
    signal: AbortSignal,
  ): Promise<Said | undefined> {
    const service = this.#service;
    if (service === undefined) return undefined;
    const headers = { "content-type": 'text/xml; charset="utf-8"', soapaction: `"${service.type}#${action}"` };
    return ask(service.control, { method: "POST", headers, body: soapCall(service.type, action, values) }, signal);
  }

  #anyPort(): number {
    return DIALLED_PORT_MIN + Math.floor(this.#random.fraction() * (PORT_MAX + 1 - DIALLED_PORT_MIN));
  }
}

function placeOf(outside: number): readonly (readonly [string, string | number])[] {
  return [
    ["NewRemoteHost", ""],
    ["NewExternalPort", outside],
    ["NewProtocol", "TCP"],
  ];
}

/** Undefined when there is no answer, or one that is too long, or one that sends us elsewhere. */
async function ask(url: URL, request: RequestInit, signal: AbortSignal): Promise<Said | undefined> {
  try {
    const answer = await fetch(url, { ...request, signal, redirect: "error" });
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const body: AsyncIterable<Uint8Array> | null = answer.body;
    for await (const chunk of body ?? []) {
      bytes += chunk.length;
      if (bytes > ROUTER_ANSWER_BYTES_MAX) return undefined;
      chunks.push(chunk);
    }
    return { ok: answer.ok, text: Buffer.concat(chunks).toString("utf8") };
  } catch {
    return undefined;
  }
}
