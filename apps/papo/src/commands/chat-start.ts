import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CommandProgram, Invocation } from "./command.ts";
import { Starting } from "./starting.ts";

// Nothing is imported that takes long to load: the first frame stands before the engine and the screens are there.

/** `papo`: on a terminal its first frame at once, then all the rest. */
export const chatStart: CommandProgram = async (invocation) => {
  const starting = await startingFrame(invocation);
  try {
    const { chat } = await import("./chat.ts");
    return await chat(starting === undefined ? invocation : { ...invocation, stdio: starting.stdio }, starting);
  } finally {
    starting?.leave();
  }
};

/** Undefined where there is no full screen. */
async function startingFrame(invocation: Invocation): Promise<Starting | undefined> {
  const { stdio, texts } = invocation;
  if (!isFullTerminal(stdio) || invocation.values.classic === true) return undefined;
  const config = await configured(invocation);
  if (config.classic) return undefined;
  return new Starting(stdio, { ...texts.starting, env: process.env, mouse: config.mouse });
}

/** Where rows can be drawn, and keys come one by one. */
function isFullTerminal({ input, output }: Invocation["stdio"]): boolean {
  return input.isTTY && output.isTTY && process.env["TERM"] !== "dumb";
}

/** Reading a configuration takes something to be loaded first: only if there is one. */
async function configured(invocation: Invocation): Promise<{ readonly classic: boolean; readonly mouse: boolean }> {
  const { values, folders } = invocation;
  const profile = values.profile ?? folders?.profile;
  const places = [folders?.config, profile].filter((folder) => folder !== undefined);
  if (!places.some((folder) => existsSync(join(folder, "config.toml")))) return { classic: false, mouse: true };
  const { chatSettings } = await import("../settings/chat-settings.ts");
  const { classic, screen } = chatSettings(invocation);
  return { classic, mouse: screen.mouse };
}
