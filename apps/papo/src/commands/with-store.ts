import { systemClock } from "@papo/link";
import { type Repositories, StoreFailure } from "@papo/tracker";
import { EXIT } from "../exit-codes.ts";
import { openProblemExit, openProblemText } from "../hosting/open-problem-text.ts";
import { openStore, storeProblem } from "../hosting/open-tracker.ts";
import { CommandError, type Invocation } from "./command.ts";
import { storeSettings } from "./tracker.ts";

/** Opens the store that the options name, lets `use` work on it while no tracker has it, and closes it. */
export async function withStore<T>(invocation: Invocation, use: (store: Repositories) => Promise<T>): Promise<T> {
  const { texts } = invocation;
  const settings = storeSettings(invocation);
  // Nothing is ever in it when a command begins.
  if (settings.store === "memory")
    throw new CommandError(texts.problems.badChoice("--store", "sqlite, json"), EXIT.usage);
  const opened = await openStore(settings, systemClock);
  if (!opened.ok) {
    const problem = storeProblem(opened.refusal);
    const place = { ...settings, host: "", port: 0, opsPort: "off" } as const;
    throw new CommandError(openProblemText(problem, place, texts), openProblemExit(problem));
  }
  try {
    return await use(opened.repositories);
  } catch (cause) {
    if (!(cause instanceof StoreFailure)) throw cause;
    throw new CommandError(texts.transfer.storeFailed, EXIT.failed, { cause });
  } finally {
    await opened.repositories.close();
  }
}
