const STOP_SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Resolves at the first signal that asks us to stop. The next one meets no handler any more and ends the process at once. */
export function untilToldToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const told = (signal: NodeJS.Signals): void => {
      for (const name of STOP_SIGNALS) process.off(name, told);
      resolve(signal);
    };
    for (const name of STOP_SIGNALS) process.on(name, told);
  });
}
