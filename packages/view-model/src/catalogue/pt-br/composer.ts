import type { composer as english } from "../en/composer.ts";

export const composer: typeof english = {
  paste: (lines, characters) => (lines > 1 ? `Colar ${lines} linhas?` : `Colar ${characters} caracteres?`),
  pasteBeginsCommand: "Começa como um comando, por isso não vai direto.",
  pasteSends: "envia",
  pasteInserts: "põe na linha",
  pasteEdits: "edita antes",
  pasteCancels: "descarta",
  pasteCut: (limit) => `Só o começo coube: uma linha tem no máximo ${limit} caracteres.`,
  search: (query) => `(busca) '${query}': `,
  searchFailed: (query) => `(nada achado) '${query}': `,
  searchKeys: "mais antiga",
  searchTakes: "envia",
  searchCancels: "volta",
  replyCancels: "cancela",
  more: (count) => `+${count}`,
};
