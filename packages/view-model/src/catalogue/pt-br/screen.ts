import type { screen as english } from "../en/screen.ts";

export const screen: typeof english = {
  more: (count) => (count === 0 ? "-MAIS-" : `-MAIS(${count})-`),
  waiting: (count) => (count === 1 ? "1 aguarda" : `${count} aguardam`),
  hot: "Ativas:",
  away: "ausente",
  replyingTo: "Respondendo a",
  replyHint: "Esc: desistir da resposta",
  leaveHint: "Para sair: /quit, ou Ctrl-C de novo.",
  mouseOn: "O mouse está ligado: a roda rola, um clique abre. Para selecionar texto, segure Shift.",
  mouseOff: "O mouse está desligado: ele seleciona texto como sempre.",
  historySearch: (text) => `(busca no histórico) ${text}:`,
  historySearchFailed: (text) => `(não está no histórico) ${text}:`,
};
