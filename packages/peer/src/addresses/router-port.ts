import type { PortMapper, PortMapping } from "@papo/link";
import { fault } from "@papo/protocol";
import type { PortMappingReport } from "../api.ts";

/** Opens the way to the router of this network, if there is one; `changed` is told what becomes of a mapping later. */
export type MapperOpener = (changed: (mapping: PortMapping | null) => void) => PortMapper;

/** A port of the router in front of us that leads here. What it says of its address is not believed: the tracker sees that better. */
export class RouterPort {
  readonly #mapper: PortMapper | undefined;
  /** The port outside; null: there is none any more. */
  readonly #changed: (port: number | null) => void;
  #state: PortMappingReport = { state: "off" };
  #port: number | undefined;

  constructor(open: MapperOpener | undefined, changed: (port: number | null) => void) {
    this.#changed = changed;
    this.#mapper = open?.((mapping) => this.#told(mapping));
  }

  get state(): PortMappingReport {
    return this.#state;
  }

  /** From now on for this port of ours. A router that did not answer may do so by now. */
  async keep(port: number): Promise<void> {
    if (port !== this.#port || this.#state.state === "failed") await this.#ask(port);
  }

  /** There is no router to ask: we are seen where we are. What one has opened before is given back. */
  async rest(): Promise<void> {
    if (this.#port === undefined) return;
    this.#port = undefined;
    this.#state = { state: "off" };
    this.#changed(null);
    await this.#mapper?.unmap();
  }

  /** Another network, perhaps another router; or after a sleep, in which no mapping was renewed, the same one that has forgotten us. */
  async networkChanged(): Promise<void> {
    if (this.#port !== undefined) await this.#ask(this.#port);
  }

  async #ask(port: number): Promise<void> {
    if (this.#mapper === undefined) return;
    this.#port = port;
    if (this.#state.state !== "mapped") this.#state = { state: "asking" };
    const mapped = await this.#mapper.map(port);
    if (this.#port !== port) return;
    if (mapped.ok) return this.#told(mapped.value);
    this.#state = { state: "failed", reason: mapped.fault };
    this.#changed(null);
  }

  #told(mapping: PortMapping | null): void {
    this.#state =
      mapping === null
        ? { state: "failed", reason: fault("lost", "the router does not keep the port any more") }
        : { state: "mapped", port: mapping.port, way: mapping.way };
    this.#changed(mapping?.port ?? null);
  }

  /** Gives the port back. */
  async close(): Promise<void> {
    this.#port = undefined;
    await this.#mapper?.close();
  }
}
