import { systemClock } from "@papo/link";
import { keymapWith, runClassic, runFullScreen } from "@papo/terminal";
import { ApiServer } from "../api/api-server.ts";
import { type Engine, withEngine } from "../engine.ts";
import { chatSettings, type ChatSettings } from "../settings/chat-settings.ts";
import { readKeys } from "../settings/key-file.ts";
import { untilToldToStop } from "../signals.ts";
import type { CommandProgram, Invocation } from "./command.ts";

/** `papo`: a peer with its screens, and the tracker it hosts where there is none. */
export const chat: CommandProgram = async (invocation) => {
  const told = chatSettings(invocation);
  // Before anything is asked: a mistake in a file is told first.
  const keymap = keymapOf(told, invocation);
  const settings = await withTracker(told, invocation);
  return withEngine(settings, invocation, async (engine) => {
    const api = new ApiServer(engine.peer, settings.profile);
    try {
      return await showScreens(engine, settings, keymap, invocation);
    } finally {
      await api.close();
      invocation.stdio.stopReading();
    }
  });
};

/** Where none was named, the person may choose one of the local network. */
async function withTracker(settings: ChatSettings, invocation: Invocation): Promise<ChatSettings> {
  if (settings.tracker !== undefined || settings.lan === "off") return settings;
  const { chooseNearby } = await import("../hosting/choose-nearby.ts");
  return { ...settings, tracker: await chooseNearby(settings.localPort, invocation) };
}

function showScreens(
  { peer, shared }: Engine,
  { allowPlaintext, screen }: ChatSettings,
  keymap: ReturnType<typeof keymapOf>,
  { language, stdio }: Invocation,
): Promise<number> {
  const stop = new AbortController();
  void untilToldToStop().then(() => stop.abort());
  const options = {
    ...{ peer, language, allowPlaintext, clock: systemClock, env: process.env, signal: stop.signal },
    input: stdio.input,
    output: stdio.output,
    ...(shared === undefined ? {} : { notices: (say: (text: string) => void) => shared.onNotice(say) }),
  };
  if (keymap === undefined) return runClassic(options);
  const throughTmux = (process.env["TMUX"] ?? "") !== "";
  const alerts = { bell: screen.bell, desktop: screen.desktopNotices, throughTmux };
  return runFullScreen({ ...options, keymap, alerts, mouse: screen.mouse });
}

/** Undefined: there is no full screen, and keys are the classic screens' own. */
function keymapOf({ classic, profile }: ChatSettings, { folders, stdio, texts }: Invocation) {
  if (classic || !isFullTerminal(stdio)) return undefined;
  return keymapWith(readKeys([...(folders === undefined ? [] : [folders.config]), profile], texts));
}

/** Where rows can be drawn, and keys come one by one. */
function isFullTerminal({ input, output }: Invocation["stdio"]): boolean {
  return input.isTTY && output.isTTY && process.env["TERM"] !== "dumb";
}
