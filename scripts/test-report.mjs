// The reporter that people read: each test and at once why it failed, so that it is said whatever becomes of its process. It also ends a file
// that does not end by itself when all of its tests have: something that a test left behind keeps it running.
import { inspect } from "node:util";

/** From the last test's end: on a busy machine what closes takes its time. */
const LINGERING_MS = 30_000;
/** What each file says of itself at its end; the run counts them together. */
const SUM = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+$/;

export default async function* testReport(events) {
  let open = 0;
  let timer;
  for await (const { type, data } of events) {
    if (data?.nesting === 0 && type === "test:enqueue") open += 1;
    if (data?.nesting === 0 && type === "test:complete") open -= 1;
    clearTimeout(timer);
    if (open === 0) timer = setTimeout(endLingering, LINGERING_MS).unref();
    const text = textOf(type, data);
    if (text !== undefined) yield `${indented(text, "  ".repeat(data.nesting ?? 0))}\n`;
  }
}

function textOf(type, data) {
  if (type === "test:pass") return `${data.skip === undefined ? "✔" : "﹣"} ${titleOf(data)}`;
  if (type === "test:fail") return `✖ ${titleOf(data)}\n${indented(reasonOf(data.details.error), "  ")}`;
  return type === "test:diagnostic" && !SUM.test(data.message) ? `ℹ ${data.message}` : undefined;
}

function titleOf({ name, skip, details }) {
  const why = typeof skip === "string" && skip !== "" ? ` # ${skip}` : "";
  return `${name} (${details.duration_ms.toFixed(1)} ms)${why}`;
}

function reasonOf(error) {
  if (error.failureType === "subtestsFailed") return error.message;
  return error.cause instanceof Error ? inspect(error.cause) : String(error.cause ?? error.message);
}

function indented(text, margin) {
  return text.replaceAll(/^/gm, margin);
}

function endLingering() {
  process.stdout.write(
    `All tests have ended, but something still runs: ${process.getActiveResourcesInfo().join(", ")}\n`,
  );
  process.kill(process.pid, "SIGTERM");
}
