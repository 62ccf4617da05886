import * as v from "valibot";
import type { Fault, Outcome } from "./faults.ts";

/**
 * A parsed JSON value by its schema. Never throws, never repeats what came in: the fault names
 * the path and what was expected there.
 */
export function decodeWith<S extends v.GenericSchema>(schema: S, value: unknown): Outcome<v.InferOutput<S>> {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return { ok: true, value: parsed.output };
  return { ok: false, fault: explain(parsed.issues[0]) };
}

function explain(issue: v.BaseIssue<unknown>): Fault {
  const path = knownPath(issue);
  const expected = issue.kind === "schema" ? (issue.expected ?? issue.type) : issue.type;
  return { code: "invalid_message", detail: `${path}: expected ${expected}` };
}

/** Names of our own fields only: a key that the sender chose (of a map) is not repeated. */
function knownPath(issue: v.BaseIssue<unknown>): string {
  const steps = issue.path ?? [];
  const keys = steps.map((step) => (step.type === "object" ? String(step.key) : "*"));
  return keys.length === 0 ? "message" : keys.join(".");
}
