import type { Outcome } from "@papo/protocol";
import type { EpochStore } from "../../identity/epochs.ts";
import type { History } from "./history.ts";

/** Small things by name, kept beside what is said. */
export class HistorySettings implements EpochStore {
  readonly #history: Pick<History, "setting" | "commit">;

  constructor(history: Pick<History, "setting" | "commit">) {
    this.#history = history;
  }

  setting(name: string): string | undefined {
    return this.#history.setting(name);
  }

  keep(name: string, value: string): Promise<Outcome<void>> {
    return this.#history.commit([{ kind: "put-setting", name, value }]);
  }
}
