import type { Catalogue } from "@papo/view-model";
import { type OutputStream, TerminalOutput } from "../terminal-output.ts";
import type { InputStream } from "./input-stream.ts";
import type { LineConsole } from "./line-console.ts";
import { PlainConsole } from "./plain-console.ts";
import { TerminalConsole } from "./terminal-console.ts";

export type ConsoleStreams = {
  readonly input: InputStream;
  readonly output: OutputStream;
  /** TERM and NO_COLOR are looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** A terminal that can move its cursor gets the editor, everything else plain lines. */
export function openConsole({ input, output, env }: ConsoleStreams, { classic }: Catalogue): LineConsole {
  const terminal = new TerminalOutput(output);
  const canEdit = input.isTTY === true && output.isTTY === true && env["TERM"] !== "dumb";
  if (!canEdit) return new PlainConsole(input, terminal);
  const colours = (env["NO_COLOR"] ?? "") === "";
  return new TerminalConsole(input, terminal, { colours, interruptHint: classic.interruptHint });
}
