import { type Outcome, PORT_MAPPING_TIMEOUT_MS, PORT_UNMAPPING_TIMEOUT_MS, fail, succeed } from "@papo/protocol";
import type { Clock, Timer } from "../clock.ts";
import type { PortMapper, PortMapping } from "./port-mapper.ts";
import type { RouterWay, WantedMapping } from "./router-way.ts";

export type RouterPortMapperPorts = {
  readonly clock: Clock;
  /** Told when a renewal gave another port, or the mapping is lost (null). */
  readonly changed: (mapping: PortMapping | null) => void;
  /** The ways to ask whichever router there is now, the first to be tried first. */
  readonly ways: (signal: AbortSignal) => AsyncIterable<RouterWay>;
};

type Held = { readonly way: RouterWay; readonly mapping: PortMapping; readonly port: number; readonly untilMs: number };

/** A mapping is renewed after half of its time; one that could not be is tried again this often until it is over. */
const RETRIES = 4;

/** Holds at most one mapping, renews it, and gives it back. One question to a router at a time. */
export class RouterPortMapper implements PortMapper {
  readonly #ports: RouterPortMapperPorts;
  readonly #stop = new AbortController();
  #held: Held | undefined;
  #renewal: Timer | undefined;
  /** The end of what is being asked. */
  #queue: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(ports: RouterPortMapperPorts) {
    this.#ports = ports;
  }

  map(port: number): Promise<Outcome<PortMapping>> {
    return this.#inTurn(() => this.#map(port));
  }

  unmap(): Promise<void> {
    return this.#inTurn(() => this.#unmap());
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stop.abort();
    await this.unmap();
  }

  #inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const asked = this.#queue.then(ask);
    this.#queue = asked;
    return asked;
  }

  async #map(port: number): Promise<Outcome<PortMapping>> {
    if (this.#stop.signal.aborted) return fail("closed", "no more ports are mapped");
    if (this.#held !== undefined && this.#held.port !== port) await this.#unmap();
    const held = await this.#within(PORT_MAPPING_TIMEOUT_MS, (signal) => this.#ask(port, signal));
    this.#hold(held);
    return held === undefined ? fail("unsupported", "no router that maps ports") : succeed(held.mapping);
  }

  async #ask(port: number, signal: AbortSignal): Promise<Held | undefined> {
    const wanted: WantedMapping = { port, outside: this.#held?.mapping.port ?? port };
    for await (const way of this.#ports.ways(signal)) {
      const mapping = await way.map(wanted, signal);
      if (mapping !== undefined) return this.#heldNow(way, mapping, port);
      if (signal.aborted) return undefined;
    }
    return undefined;
  }

  #heldNow(way: RouterWay, mapping: PortMapping, port: number): Held {
    return { way, mapping, port, untilMs: this.#ports.clock.monotonicMs() + mapping.lifetimeMs };
  }

  #hold(held: Held | undefined): void {
    this.#renewal?.cancel();
    this.#held = held;
    if (held !== undefined) this.#renewIn(held.mapping.lifetimeMs / 2);
  }

  #renewIn(delayMs: number): void {
    this.#renewal = this.#ports.clock.after(delayMs, () => void this.#inTurn(() => this.#renew()));
  }

  async #renew(): Promise<void> {
    const { clock, changed } = this.#ports;
    const before = this.#held;
    if (before === undefined || this.#stop.signal.aborted) return;
    const { way, port, mapping } = before;
    const wanted = { port, outside: mapping.port };
    const renewed = await this.#within(PORT_MAPPING_TIMEOUT_MS, (signal) => way.map(wanted, signal));
    if (renewed !== undefined) {
      this.#hold(this.#heldNow(way, renewed, port));
      if (renewed.port !== mapping.port) changed(renewed);
    } else if (clock.monotonicMs() < before.untilMs) {
      this.#renewIn(mapping.lifetimeMs / 2 / RETRIES);
    } else {
      this.#hold(undefined);
      changed(null);
    }
  }

  async #unmap(): Promise<void> {
    this.#renewal?.cancel();
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) return;
    const mapped = { port: held.port, outside: held.mapping.port };
    const limit = new AbortController();
    const timer = this.#ports.clock.after(PORT_UNMAPPING_TIMEOUT_MS, () => limit.abort());
    await held.way.unmap(mapped, limit.signal);
    timer.cancel();
  }

  async #within<T>(limitMs: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limit = new AbortController();
    const timer = this.#ports.clock.after(limitMs, () => limit.abort());
    try {
      return await ask(AbortSignal.any([limit.signal, this.#stop.signal]));
    } finally {
      timer.cancel();
    }
  }
}
