import { FaultProxy, type Program, startTrackerProgram, type TemporaryHome } from "@papo/testing";

/** A tracker process that is killed and started again at the same place, with the same data. */
export class RestartingTracker {
  readonly #home: TemporaryHome;
  readonly #port: number;
  readonly #key: string;
  readonly #proxies: FaultProxy[] = [];
  #program: Program;
  /** Resolves when it listens. */
  up: Promise<unknown> = Promise.resolve();

  private constructor(home: TemporaryHome, program: Program, port: number, address: string) {
    this.#home = home;
    this.#program = program;
    this.#port = port;
    this.#key = address.slice(address.indexOf("#"));
  }

  static async start(home: TemporaryHome): Promise<RestartingTracker> {
    const { program, port, address } = await startTrackerProgram(["--data", home.at("tracker")], { home });
    return new RestartingTracker(home, program, port, address);
  }

  /** Its address behind a proxy of one's own. */
  async behindProxy(): Promise<{ readonly proxy: FaultProxy; readonly address: string }> {
    const proxy = await FaultProxy.before({ host: "127.0.0.1", port: this.#port });
    this.#proxies.push(proxy);
    return { proxy, address: `papo://127.0.0.1:${proxy.port}/${this.#key}` };
  }

  async kill(): Promise<void> {
    await this.up;
    await this.#program.stop("SIGKILL");
  }

  restart(): Promise<unknown> {
    this.up = this.#start();
    return this.up;
  }

  async #start(): Promise<void> {
    const args = ["--data", this.#home.at("tracker"), "--port", String(this.#port)];
    this.#program = (await startTrackerProgram(args, { home: this.#home })).program;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.up;
    await this.#program[Symbol.asyncDispose]();
    for (const proxy of this.#proxies) await proxy[Symbol.asyncDispose]();
  }
}
