import type { composer as english } from "../en/composer.ts";

export const composer: typeof english = {
  paste: (lines, characters) => (lines > 1 ? `Colar ${lines} linhas?` : `Colar ${characters} caracteres?`),
  pasteIsCommand: "Começa como um comando: não roda daqui.",
  pasteSends: "envia",
  pasteInserts: "põe na linha",
  pasteEdits: "edita antes",
  pasteCancels: "descarta",
  pasteCut: (limit) => `Só o começo coube: uma linha tem no máximo ${limit} caracteres.`,
  searchOlder: "mais antigas",
  searchSends: "envia",
  searchCancels: "volta",
};
