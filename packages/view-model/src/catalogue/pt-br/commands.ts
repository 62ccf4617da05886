import type { CommandTexts } from "../text-shapes.ts";

export const commands: CommandTexts = {
  users: { usage: "/users", help: "quem está na conversa e como está conectado" },
  help: { usage: "/help [COMANDO]", help: "esta lista, ou um comando dela" },
  deleteRoom: { usage: "/deletar_sala", help: "deleta a sala para todos (só quem a criou)" },
  leave: { usage: "/sair", help: "sai da sala ou do chat privado" },
  back: { usage: "/voltar", help: "volta ao menu sem sair da conversa" },
  accept: { usage: "/aceitar NOME", help: "passa a confiar na nova chave de NOME, mesmo se bloqueada antes" },
  block: { usage: "/bloquear NOME", help: "não conversa com a nova chave de NOME" },
};
