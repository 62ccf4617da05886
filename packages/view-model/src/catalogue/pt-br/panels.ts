import type { panels as englishPanels } from "../en/panels.ts";

export const panels: typeof englishPanels = {
  yes: "Sim",
  yesKey: "s",
  no: "Não",
  noKey: "n",
};
