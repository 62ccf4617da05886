import { join } from "node:path";
import { type Place, probe, systemClock, systemRandom } from "@papo/link";
import type { PeerApi } from "@papo/peer/api";
import { succeed, type TrackerAddress, type TrackerKey } from "@papo/protocol";
import type { TrackerSource } from "@papo/peer";
import { CommandError, type Invocation } from "../commands/command.ts";
import { makeParent } from "../settings/make-parent.ts";
import { EXIT } from "../exit-codes.ts";
import { CONFIG_FILE } from "../settings/config-file.ts";
import { untilDoubt } from "./doubt.ts";
import { type HostAttempt, LocalTracker } from "./local-tracker.ts";
import { strangerLines } from "./stranger-text.ts";

/** The local tracker as the chat uses it: what it tells the user, and what the engine dials. */
export class SharedTracker {
  readonly #invocation: Invocation;
  readonly #data: string;
  readonly #configFile: string;
  readonly #local: LocalTracker;
  /** Where every Papo of this user looks for a tracker that nobody named. */
  readonly #place: Place;
  readonly #name: string;
  #peer: PeerApi | undefined;
  #key: TrackerKey | undefined;
  #say: (text: string) => void;

  constructor(port: number, invocation: Invocation) {
    const { folders, texts, stdio } = invocation;
    if (folders === undefined) throw new CommandError(texts.problems.noHome, EXIT.failed);
    this.#invocation = invocation;
    this.#place = { host: "127.0.0.1", port };
    this.#name = `${this.#place.host}:${port}`;
    this.#data = folders.tracker;
    this.#configFile = join(folders.config, CONFIG_FILE);
    this.#say = (text) => stdio.sentence(text);
    this.#local = new LocalTracker({
      clock: systemClock,
      random: systemRandom,
      probe: () => probe(this.#place, systemClock),
      host: () => this.#host(),
      doubt: (signal) => this.#doubt(signal),
      onTakeOver: () => this.#say(texts.hosting.tookOver(this.#name)),
    });
  }

  /** Asked before every dial. Where this process hosts, the key is known; elsewhere the first one met is pinned. */
  readonly source: TrackerSource = async () => {
    await this.#local.settle();
    const address: TrackerAddress = { dialect: "papo", ...this.#place, key: this.#key };
    return succeed(address);
  };

  /** Says whether this Papo hosts. Throws what the user can do when a stranger has the place. */
  async settle(): Promise<void> {
    const { texts } = this.#invocation;
    const settled = await this.#local.settle();
    switch (settled.kind) {
      case "answers":
        return;
      case "hosting":
        return this.#say(texts.hosting.hosts(this.#name));
      case "stranger":
        throw new CommandError(
          strangerLines(settled.answerer, { place: this.#name, configFile: this.#configFile }, texts).join("\n"),
          EXIT.inTheWay,
        );
      case "failed":
        throw new CommandError(texts.hosting.cannotHost(this.#name, settled.reason), EXIT.failed);
    }
  }

  keep(peer: PeerApi): void {
    this.#peer = peer;
    this.#local.keep();
  }

  /** While the screens run, what there is to say is said on them. */
  onNotice(say: (text: string) => void): () => void {
    const before = this.#say;
    this.#say = say;
    return () => {
      this.#say = before;
    };
  }

  /** Drains a hosted tracker and says so. */
  async close(): Promise<void> {
    const { hosted } = this.#local;
    await this.#local.close();
    if (hosted !== undefined) this.#say(this.#invocation.texts.hosting.stops);
  }

  async #host(): Promise<HostAttempt> {
    const { texts } = this.#invocation;
    makeParent(this.#data, texts);
    // Most Papos never host: they do not load a tracker.
    const { hostHere } = await import("./hosted-here.ts");
    return hostHere({
      ...this.#place,
      data: this.#data,
      expectedKey: this.#peer?.diagnostics().tracker.key ?? undefined,
      texts,
      onKey: (key) => {
        this.#key = key;
      },
    });
  }

  #doubt(signal: AbortSignal): Promise<void> {
    if (this.#peer === undefined) throw new Error("keep() comes first");
    return untilDoubt(this.#peer, this.#place, signal);
  }
}
