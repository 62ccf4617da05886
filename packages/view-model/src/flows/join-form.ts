import { FormModel } from "../panels/form-model.ts";
import { enterRoom } from "./enter-room.ts";
import type { TabbedScreen } from "./tabbed-screen.ts";

/** `done`: a room was entered. */
export function openJoinForm(screen: TabbedScreen, done: () => void = () => undefined): void {
  const { panels: said } = screen.texts;
  const form = new FormModel({
    host: screen.tabs.panels,
    title: said.joinTitle,
    fields: [{ name: "room", label: said.joinField, help: () => said.joinHelp }],
    submitLabel: said.joinDo,
    waiting: said.waitingForTracker,
    submit: async ({ room = "" }) => {
      if (room.trim() === "") return { says: said.joinHelp };
      const says = await enterRoom(screen, room.trim());
      if (says !== undefined) return { says };
      done();
      return undefined;
    },
  });
  screen.tabs.panels.open(form);
}
