import type { LogEvent, TrackerLog, WriteLine } from "./tracker-log.ts";

const LEVELS: Partial<Record<LogEvent["kind"], "warn" | "error" | "debug">> = {
  failed: "error",
  identity_changed: "warn",
  login_refused: "warn",
  notifying: "debug",
};

/** One JSON object a line. `now` gives the time as RFC 3339. */
export async function openJsonLog(write: WriteLine, now: () => string): Promise<TrackerLog> {
  const { pino } = await import("pino");
  const logger = pino(
    {
      level: "debug",
      base: null,
      messageKey: "event",
      timestamp: () => `,"time":"${now()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => write(inAscii(line.trimEnd())) },
  );
  return {
    event(event) {
      const { kind, ...fields } = event;
      // Whom one change was told is a number: in a large room the names would be the log.
      const told = event.kind === "notifying" ? { sessions: event.usernames.length } : fields;
      logger[LEVELS[kind] ?? "info"](told, kind);
    },
  };
}

/** The exact text, in characters that no terminal takes for anything else. */
function inAscii(json: string): string {
  return json.replaceAll(/[^ -~]/g, (unit) => escapeUnit(unit.charCodeAt(0)));
}

function escapeUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
