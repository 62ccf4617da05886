import { spawn } from "node:child_process";

export type Command = {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

const TIMEOUT_MS = 20_000;

/** Milliseconds that this Node takes from being started to its end; throws unless that was a good one. */
export function runTime(command: Command): Promise<number> {
  return watch(command, undefined);
}

/** Milliseconds from the start to the first output that contains `words`. The program is then ended. */
export function timeTo(words: string, command: Command): Promise<number> {
  return watch(command, words);
}

function watch({ args, env }: Command, words: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "pipe"] });
    const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
    let heard = "";
    let found: number | undefined;
    const take = (chunk: Buffer): void => {
      heard += chunk.toString("utf8");
      if (words === undefined || found !== undefined || !heard.includes(words)) return;
      found = performance.now() - started;
      child.kill("SIGKILL");
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      if (words === undefined && code === 0) found = performance.now() - started;
      if (found === undefined)
        reject(new Error(`${args.join(" ")}: ended with ${code} and said ${heard.slice(0, 500)}`));
      else resolve(found);
    });
  });
}

/** The median of `times` runs, one after another. */
export async function medianTime(times: number, run: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let index = 0; index < times; index += 1) values.push(await run());
  return values.toSorted((a, b) => a - b)[times >> 1] ?? Number.NaN;
}
