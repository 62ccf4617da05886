import { runningPapo } from "../api/with-api.ts";
import { EXIT } from "../exit-codes.ts";
import { chatSettings } from "../settings/chat-settings.ts";
import { CommandError, type CommandProgram } from "./command.ts";

/** `papo socket`: where the Papo that runs listens for other programs of this user. */
export const socket: CommandProgram = async (invocation) => {
  const running = await runningPapo(chatSettings(invocation).profile, invocation.values.account);
  if (running === undefined) throw new CommandError(invocation.texts.script.notRunning, EXIT.failed);
  running.client.close();
  invocation.stdio.line(running.path);
  return EXIT.ok;
};
