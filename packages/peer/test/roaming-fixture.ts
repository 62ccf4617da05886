import type { ListenOptions, Listener, Network } from "@papo/link";
import type { NetworkNews, NetworkWatcher } from "../src/addresses/network-changes.ts";
import type { World } from "./world-fixture.ts";

/** A machine that can be carried into another network: its listeners go with it, its connections do not. */
export class Roaming {
  readonly watch: NetworkWatcher;
  readonly #world: World;
  readonly #listeners = new Set<{ readonly options: ListenOptions; current: Listener }>();
  #told: Parameters<NetworkWatcher>[0] | undefined;
  host: string;

  constructor(world: World, host: string) {
    this.#world = world;
    this.host = host;
    this.watch = (told) => {
      this.#told = told;
      const addresses = (): readonly string[] => [this.host];
      return {
        get addresses() {
          return addresses();
        },
        stop: () => (this.#told = undefined),
      };
    };
  }

  get network(): Network {
    const here = (): Network => this.#world.network.host(this.host);
    return {
      listen: (options) => this.#listen(options),
      dial: (options) => here().dial(options),
      relayed: (options) => here().relayed(options),
      punched: (options) => here().punched(options),
      rendezvous: (options) => here().rendezvous(options),
    };
  }

  async #listen(options: ListenOptions): ReturnType<Network["listen"]> {
    const opened = await this.#world.network.host(this.host).listen(options);
    if (!opened.ok) return opened;
    const entry = { options: { ...options, port: opened.value.port }, current: opened.value };
    this.#listeners.add(entry);
    const { host, port } = opened.value;
    const close = (): Promise<void> => {
      this.#listeners.delete(entry);
      return entry.current.close();
    };
    return { ok: true, value: { host, port, openSockets: 0, close } };
  }

  /** From here on the others reach it only there. Nobody is told that its connections are dead. */
  async moveTo(host: string, others: readonly string[]): Promise<void> {
    const before = this.host;
    this.host = host;
    for (const entry of this.#listeners) {
      await entry.current.close();
      const opened = await this.#world.network.host(host).listen(entry.options);
      if (opened.ok) entry.current = opened.value;
    }
    this.#world.network.partition([...others, host], [before]);
  }

  notice(news: NetworkNews): void {
    this.#told?.[news]();
  }
}
