import { fileURLToPath } from "node:url";
import { ownPort } from "../own-port.ts";
import { Program } from "./program.ts";
import type { TemporaryHome } from "./temporary-home.ts";
import { TerminalProgram } from "./terminal-program.ts";

/** The committed command of this checkout, or the same as it is installed: a whole run bundles it once (scripts/test-programs.mjs). */
export const PAPO_COMMAND =
  process.env["PAPO_TEST_COMMAND"] ?? fileURLToPath(new URL("../../../../apps/papo/bin/papo.js", import.meta.url));

export type PapoOptions = {
  readonly home: TemporaryHome;
  readonly env?: Readonly<Record<string, string>>;
  readonly name?: string;
  /** Stands before the command, to start it elsewhere: a machine of a `Lab` has one. */
  readonly wrap?: readonly string[];
};

/** `papo …` with pipes on its standard streams. */
export function startPapo(args: readonly string[], { home, env = {}, wrap = [], ...rest }: PapoOptions): Program {
  const [command, ...before] = [...wrap, process.execPath, PAPO_COMMAND];
  return new Program(command ?? process.execPath, [...before, ...args], {
    ...rest,
    name: rest.name ?? `papo ${args.join(" ")}`,
    env: home.environment(env),
    cwd: home.path,
  });
}

/** `papo …` behind a pseudo-terminal. */
export function startPapoInTerminal(
  args: readonly string[],
  { home, env = {}, wrap = [], ...rest }: PapoOptions & { readonly columns?: number; readonly rows?: number },
): Promise<TerminalProgram> {
  return new TerminalProgram([...wrap, process.execPath, PAPO_COMMAND, ...args], {
    ...rest,
    name: rest.name ?? `papo ${args.join(" ")}`,
    env: home.environment(env),
    cwd: home.path,
  }).ready();
}

export type RunningTracker = {
  readonly program: Program;
  readonly host: string;
  readonly port: number;
  /** `papo://host:port/#k=…` as printed. */
  readonly address: string;
};

/** `papo tracker` on a free port of 127.0.0.1, where another can follow it, unless `args` say otherwise. Resolves when it listens. */
export async function startTrackerProgram(args: readonly string[], options: PapoOptions): Promise<RunningTracker> {
  const given = (option: string, value: string): readonly string[] => (args.includes(option) ? [] : [option, value]);
  const defaults = [
    ...given("--host", "127.0.0.1"),
    ...given("--port", String(await ownPort())),
    ...given("--ops-port", "off"),
  ];
  const program = startPapo(["tracker", ...defaults, ...args], options);
  const [, host, listening] = await program.out.see(/^listening on (.+):(\d+)$/mu);
  const [address] = await program.out.see(/papo:\/\/[^\s"]+/u);
  return { program, host: host ?? "", port: Number(listening), address };
}
