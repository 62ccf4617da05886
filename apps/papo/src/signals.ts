const STOP_SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * Resolves at the first signal that asks us to stop. The next one meets no handler any more and ends the process at once; so does the first one after `signal`
 * has aborted.
 */
export function untilToldToStop(signal?: AbortSignal): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const letGo = (): void => {
      for (const name of STOP_SIGNALS) process.off(name, told);
    };
    const told = (name: NodeJS.Signals): void => {
      letGo();
      resolve(name);
    };
    for (const name of STOP_SIGNALS) process.on(name, told);
    signal?.addEventListener("abort", letGo, { once: true });
  });
}
