import { systemClock } from "@papo/link";
import { type Keymap, keymapWith, runClassic, runFullScreen } from "@papo/terminal";
import { ApiServer } from "../api/api-server.ts";
import { type Engine, withEngine } from "../engine.ts";
import { chatSettings, type ChatSettings } from "../settings/chat-settings.ts";
import { readKeys } from "../settings/key-file.ts";
import { untilToldToStop } from "../signals.ts";
import type { Invocation } from "./command.ts";
import type { Starting } from "./starting.ts";

/** A peer with its screens, and the tracker it hosts where there is none. `starting`: the first frame, where it is the full screen. */
export async function chat(invocation: Invocation, starting: Starting | undefined): Promise<number> {
  const told = chatSettings(invocation);
  // Before anything is asked: a mistake in a file is told first.
  const keymap = starting === undefined ? undefined : keymapOf(told, invocation);
  const settings = await withTracker(told, invocation, starting);
  return withEngine(settings, invocation, async (engine) => {
    const api = new ApiServer(engine.peer, settings.profile);
    try {
      return await showScreens({ engine, settings, starting, keymap }, invocation);
    } finally {
      await api.close();
      invocation.stdio.stopReading();
    }
  });
}

/** Where none was named, the person may choose one of the local network. That is asked line by line. */
async function withTracker(
  settings: ChatSettings,
  invocation: Invocation,
  starting: Starting | undefined,
): Promise<ChatSettings> {
  if (settings.tracker !== undefined || settings.lan === "off") return settings;
  const { chooseNearby } = await import("../hosting/choose-nearby.ts");
  const tracker = await chooseNearby(settings, invocation, () => starting?.leave());
  return { ...settings, tracker };
}

type Screens = {
  readonly engine: Engine;
  readonly settings: ChatSettings;
  readonly starting: Starting | undefined;
  /** Undefined: there is no full screen, and keys are the classic screens' own. */
  readonly keymap: Keymap | undefined;
};

function showScreens(
  { engine: { peer, shared }, settings: { allowPlaintext, screen }, starting, keymap }: Screens,
  { language, stdio }: Invocation,
): Promise<number> {
  const stop = new AbortController();
  void untilToldToStop().then(() => stop.abort());
  const options = {
    ...{ peer, language, allowPlaintext, clock: systemClock, env: process.env, signal: stop.signal },
    input: stdio.input,
    output: stdio.output,
    notices: (say: (text: string) => void) => {
      starting?.sayHeld(say);
      return shared?.onNotice(say) ?? (() => undefined);
    },
  };
  if (keymap === undefined) return runClassic(options);
  const throughTmux = (process.env["TMUX"] ?? "") !== "";
  const alerts = { bell: screen.bell, desktop: screen.desktopNotices, throughTmux };
  return runFullScreen({ ...options, stage: starting?.handOver(), keymap, alerts, mouse: screen.mouse });
}

function keymapOf({ profile }: ChatSettings, { folders, texts }: Invocation): Keymap {
  return keymapWith(readKeys([...(folders === undefined ? [] : [folders.config]), profile], texts));
}
