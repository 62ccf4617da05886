import type { SlashCommand } from "./command.ts";

/** Tries at once what would be tried later: of use to whoever knows that the network is back. */
export const reconnect: SlashCommand = {
  id: "reconnect",
  topic: "screen",
  names: ["/reconnect", "/connect", "/reconectar"],
  worksIn: ["room", "private", "menu"],
  takes: "nothing",
  arguments: [],
  async run(screen) {
    const { actions } = screen.texts;
    const asked = await screen.peer.reconnect();
    if (!asked.ok && asked.fault.code === "slow_down") return screen.failed(actions.reconnectedJustNow);
    if (!asked.ok) return screen.failedBy(asked.fault);
    const { kind } = asked.value;
    if (kind === "refused") screen.failedBy(asked.value.reason);
    else if (kind === "waiting") screen.succeeded(actions.reconnectWaits);
    else screen.succeeded(kind === "online" ? actions.reconnectOnline : actions.reconnecting);
  },
};
