import { systemClock } from "@papo/link";
import { runClassic } from "@papo/terminal";
import { type Engine, withEngine } from "../engine.ts";
import { chatSettings, type ChatSettings } from "../settings/chat-settings.ts";
import { untilToldToStop } from "../signals.ts";
import type { CommandProgram, Invocation } from "./command.ts";

/** `papo`: a peer with its screens, and the tracker it hosts where there is none. */
export const chat: CommandProgram = (invocation) => {
  const settings = chatSettings(invocation);
  return withEngine(settings, invocation, async (engine) => {
    try {
      return await showScreens(engine, settings, invocation);
    } finally {
      invocation.stdio.stopReading();
    }
  });
};

function showScreens(
  { peer, shared }: Engine,
  { allowPlaintext }: ChatSettings,
  { language, stdio }: Invocation,
): Promise<number> {
  const stop = new AbortController();
  void untilToldToStop().then(() => stop.abort());
  return runClassic({
    ...{ peer, language, allowPlaintext, clock: systemClock, env: process.env, signal: stop.signal },
    input: stdio.input,
    output: stdio.output,
    ...(shared === undefined ? {} : { notices: (say) => shared.onNotice(say) }),
  });
}
