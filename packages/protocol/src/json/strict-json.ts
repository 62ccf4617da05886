import { type Fault, type Outcome, fail, fault, succeed } from "../faults.ts";
import { JSON_DEPTH_MAX } from "../limits.ts";

// What JSON.parse accepts, less what two readers could read differently: docs/protocol/framing.md §3.

/**
 * One complete JSON text (RFC 8259, UTF-8 without a byte order mark) as a value. Never throws. Refused besides
 * bad syntax: more than JSON_DEPTH_MAX levels, a key twice in one object however it is escaped, the key
 * `__proto__`, lone surrogates, numbers that are not finite. The caller bounds the length.
 */
export function parseStrictJson(json: string | Uint8Array): Outcome<unknown> {
  const text = typeof json === "string" ? json : decodeUtf8(json);
  if (text === undefined) return fail("bad_text", "expected UTF-8");

  const outline = outlineOf(text);
  if (outline.depth > JSON_DEPTH_MAX) return { ok: false, fault: tooDeep() };

  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail("not_json", "expected JSON");
  }

  // JSON.parse keeps one of several equal keys: then fewer members came out than were written.
  const tally: Tally = { members: 0, fault: undefined };
  inspect(value, tally);
  if (tally.fault !== undefined) return { ok: false, fault: tally.fault };
  if (tally.members !== outline.members) return fail("duplicate_key", "expected each key once");
  return succeed(value);
}

// A byte order mark stays in the text, where JSON.parse refuses it.
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of well-formed UTF-8 (no overlong forms, no surrogates), else undefined. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

export function tooDeep(): Fault {
  return fault("json_too_deep", `expected at most ${JSON_DEPTH_MAX} levels`);
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Levels and members as written. Right for JSON; for anything else some number, and JSON.parse refuses it. */
function outlineOf(text: string): { readonly depth: number; readonly members: number } {
  let level = 0;
  let depth = 0;
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = closingQuote(text, at + 1);
    else if (code === COLON) members++;
    else if (code === 0x7b || code === 0x5b) depth = Math.max(depth, ++level);
    else if (code === 0x7d || code === 0x5d) level--;
  }
  return { depth, members };
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (before >= from && text.charCodeAt(before) === BACKSLASH) before--;
    // An even number of backslashes before it: they are texts, it is the end.
    if ((at - before) % 2 === 1) return at;
  }
  return text.length;
}

type Tally = { members: number; fault: Fault | undefined };

/** Counts members and notes the first thing refused. At most JSON_DEPTH_MAX calls deep. */
function inspect(value: unknown, tally: Tally): void {
  if (typeof value === "string") inspectText(value, tally);
  else if (typeof value === "number") inspectNumber(value, tally);
  else if (Array.isArray(value)) for (const item of value) inspect(item, tally);
  else if (isObject(value)) inspectObject(value, tally);
}

function inspectText(text: string, tally: Tally): void {
  if (!text.isWellFormed()) tally.fault ??= fault("bad_text", "expected no lone surrogate");
}

function inspectNumber(value: number, tally: Tally): void {
  if (!Number.isFinite(value)) tally.fault ??= fault("invalid_message", "expected finite numbers");
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null;
}

function inspectObject(value: { readonly [key: string]: unknown }, tally: Tally): void {
  for (const key of Object.keys(value)) {
    tally.members++;
    if (key === "__proto__") tally.fault ??= fault("forbidden_key", "expected no such key");
    inspectText(key, tally);
    inspect(value[key], tally);
  }
}
