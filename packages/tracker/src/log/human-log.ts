import { USERNAME_CHARS_MAX, type Username, quoteSafe, safeText } from "@papo/protocol";
import type { LogEvent, TrackerLog, WriteLine } from "./tracker-log.ts";

/** Above so many, one line says how many rather than who. */
const NOTIFIED_NAMED_MAX = 8;

/** The lines of the report (§4.2, §6), and a few of the same kind for what it has no word for. */
export function openHumanLog(write: WriteLine): TrackerLog {
  return {
    event(event) {
      for (const line of linesOf(event)) write(line);
    },
  };
}

function linesOf(event: LogEvent): string[] {
  switch (event.kind) {
    case "listening":
      return [`Tracker rodando em ${safeText(event.host)}:${event.port}`];
    case "connected":
      return [`[NOVA CONEXÃO] de ('${safeText(event.address)}', ${event.port})`];
    case "registered":
      return [`[REGISTRO] ${shown(event.username)} registrado.`];
    case "logged_in":
      return [`[LOGIN] ${shown(event.username)} logado. Conexão mantida.`];
    case "login_refused":
      return [`[LOGIN] recusado de ${safeText(event.address)}: ${event.reason}`];
    case "logged_out":
      return [`[LOGOUT] ${shown(event.username)} saiu.`];
    case "went_offline":
      return [`[DESCONECTADO] Peer ${shown(event.username)} caiu.`];
    case "came_back":
      return [`[RECONECTADO] Peer ${shown(event.username)} voltou.`];
    case "replaced":
      return [`[SUBSTITUÍDO] Sessão de ${shown(event.username)} encerrada: ${event.reason}`];
    case "identity_changed":
      return [`[IDENTIDADE] ${shown(event.username)} começou uma nova identidade.`];
    case "unlatched":
      return [`[IDENTIDADE] ${shown(event.username)} pode entrar também por um programa original, só com a senha.`];
    case "notifying":
      return notifying(event.usernames);
    case "relay_listening":
      return [`Relay rodando em ${safeText(event.host)}:${event.port}`];
    case "relay_ended":
      return [`[RELAY] Conexão encerrada (${event.why}): ${event.bytes} bytes.`];
    case "draining":
      return [`[ENCERRANDO] ${event.sessions} sessões abertas.`];
    case "stopped":
      return ["Tracker encerrado."];
    case "failed":
      return [`[ERRO] ${event.where}: ${safeText(event.error)}`];
  }
}

function notifying(usernames: readonly Username[]): string[] {
  if (usernames.length > NOTIFIED_NAMED_MAX)
    return [`[NOTIFICANDO] Enviando ROOM_UPDATE para ${usernames.length} sessões`];
  return usernames.map((username) => `[NOTIFICANDO] Enviando ROOM_UPDATE para ${shown(username)}`);
}

/**
 * As it is, where it has only what a name that is registered has: such a name cannot look like the rest of a line. Else in quotes.
 * Whether it might be registered today is not asked: that costs a tenth of a millisecond, and a line is written for every push.
 */
function shown(username: Username): string {
  const isPlain = PLAIN_NAME.test(username) && safeText(username) === username;
  return isPlain ? username : quoteSafe(username, USERNAME_CHARS_MAX);
}

const PLAIN_NAME = new RegExp(String.raw`^[\p{L}\p{M}\p{Nd}_\-.]{1,${2 * USERNAME_CHARS_MAX}}$`, "u");
