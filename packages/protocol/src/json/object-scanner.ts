import { GrowingBytes } from "../bytes/growing-bytes.ts";
import { type Fault, fault } from "../faults.ts";
import { JSON_DEPTH_MAX, SEED_OBJECT_BYTES_MAX } from "../limits.ts";
import { decodeUtf8, parseStrictJson, tooDeep } from "./strict-json.ts";

/**
 * `fatal`: where the next object starts can no longer be known (bad syntax, bad UTF-8, too large), so the
 * connection must be closed. Otherwise the value was whole, it alone is refused, and scanning goes on.
 */
export type ScanFault = Fault & { readonly fatal: boolean };

export type Scan =
  | { readonly kind: "object"; readonly text: string }
  | { readonly kind: "fault"; readonly fault: ScanFault };

/**
 *   between ──{ [ "──▶ value ──its last byte──▶ between
 *      └──digit - t f n──▶ scalar ──any other byte──▶ between        a fatal fault leads to `dead`, finally.
 */
type State = "between" | "value" | "scalar" | "dead";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Finds the objects of the seed dialect: JSON objects back to back, with no delimiter and no length
 * (docs/protocol/seed.md §1). Incremental and linear; holds at most SEED_OBJECT_BYTES_MAX bytes; the result
 * does not depend on where the bytes were split. `JSON.parse` of an accepted object's text never throws.
 *
 * A value that will be refused (too deep, or not an object) is reported at the first byte that shows it, once.
 */
export class ObjectScanner {
  #state: State = "between";
  #level = 0;
  #inString = false;
  #escaped = false;
  /** The value being read was already refused; only its end and its syntax still matter. */
  #refused = false;
  #sawObject = false;
  readonly #held = new GrowingBytes();

  push(chunk: Uint8Array): readonly Scan[] {
    const scans: Scan[] = [];
    let at = 0;
    while (at < chunk.length && this.#state !== "dead") {
      if (this.#state === "between") at = this.#skipTo(chunk, at, scans);
      else if (this.#state === "scalar") at = this.#readScalar(chunk, at, scans);
      else at = this.#readValue(chunk, at, scans);
    }
    return scans;
  }

  /** True from an object's first byte until its last has come: while true, its sender is on the clock. */
  pending(): boolean {
    return this.#state === "value";
  }

  #skipTo(chunk: Uint8Array, at: number, scans: Scan[]): number {
    const byte = chunk[at] ?? 0;
    if (isWhitespace(byte)) return at + 1;

    const isObject = byte === OPEN_BRACE;
    const opens = isObject || byte === OPEN_BRACKET || byte === QUOTE;
    if (!opens && !startsScalar(byte)) return this.#die(scans, "not_json", "expected an object");
    if (!isObject && !this.#sawObject) return this.#die(scans, "not_json", "expected an object first");

    this.#state = opens ? "value" : "scalar";
    this.#refused = !isObject;
    if (!isObject) refuse(scans, fault("invalid_message", "expected an object"));
    return at;
  }

  /** Reads on to the value's end, or to the end of the chunk. */
  #readValue(chunk: Uint8Array, from: number, scans: Scan[]): number {
    const end = Math.min(chunk.length, from + SEED_OBJECT_BYTES_MAX - this.#held.length);
    let at = from;
    while (at < end && this.#state === "value") {
      at = this.#inString ? this.#readString(chunk, at, end, scans) : this.#readStructure(chunk, at, end, scans);
      if (this.#level > 0 || this.#inString) continue;
      this.#settle(this.#gathered(chunk, from, at), scans);
      return at;
    }
    if (this.#state === "dead") return at;
    if (end < chunk.length) return this.#die(scans, "frame_too_large", `limit ${SEED_OBJECT_BYTES_MAX} bytes`);

    this.#held.append(chunk.subarray(from));
    return at;
  }

  /** Reads on to just behind the string's closing quote. */
  #readString(chunk: Uint8Array, from: number, end: number, scans: Scan[]): number {
    let escaped = this.#escaped;
    for (let at = from; at < end; at++) {
      const byte = chunk[at] ?? 0;
      if (byte < 0x20) return this.#die(scans, "not_json", "expected no control characters");
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        return at + 1;
      }
    }
    this.#escaped = escaped;
    return end;
  }

  /** Reads on to just behind the next opening quote, or the bracket that ends the value. */
  #readStructure(chunk: Uint8Array, from: number, end: number, scans: Scan[]): number {
    for (let at = from; at < end; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === QUOTE) {
        this.#inString = true;
        this.#escaped = false;
        return at + 1;
      }
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#descend(scans);
      else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --this.#level === 0) return at + 1;
    }
    return end;
  }

  #descend(scans: Scan[]): void {
    this.#level++;
    if (this.#level <= JSON_DEPTH_MAX || this.#refused) return;
    this.#refused = true;
    refuse(scans, tooDeep());
  }

  /** `1`, `true`, `null` and their like end where a byte comes that cannot belong to them. */
  #readScalar(chunk: Uint8Array, from: number, scans: Scan[]): number {
    let at = from;
    while (at < chunk.length && continuesScalar(chunk[at] ?? 0)) at++;
    if (this.#held.length + at - from > SEED_OBJECT_BYTES_MAX) {
      return this.#die(scans, "frame_too_large", `limit ${SEED_OBJECT_BYTES_MAX} bytes`);
    }
    if (at < chunk.length) this.#settle(this.#gathered(chunk, from, at), scans);
    else this.#held.append(chunk.subarray(from));
    return at;
  }

  /** The value's bytes in one piece, copied only when they came in several chunks. */
  #gathered(chunk: Uint8Array, from: number, to: number): Uint8Array {
    const tail = chunk.subarray(from, to);
    if (this.#held.length === 0) return tail;
    this.#held.append(tail);
    return this.#held.take();
  }

  #settle(bytes: Uint8Array, scans: Scan[]): void {
    const refused = this.#refused;
    this.#state = "between";
    this.#sawObject = true;

    const text = decodeUtf8(bytes);
    if (text === undefined) this.#die(scans, "bad_text", "expected UTF-8");
    else if (refused) this.#requireSyntax(text, scans);
    else this.#accept(text, scans);
  }

  #accept(text: string, scans: Scan[]): void {
    const parsed = parseStrictJson(text);
    if (parsed.ok) scans.push({ kind: "object", text });
    // Its end was found by counting brackets, which means nothing in a text that is not JSON. To go on would let
    // whoever wrote a string inside it write the sender's next command.
    else if (parsed.fault.code === "not_json") this.#die(scans, "not_json", parsed.fault.detail);
    else refuse(scans, parsed.fault);
  }

  #requireSyntax(text: string, scans: Scan[]): void {
    try {
      JSON.parse(text);
    } catch {
      this.#die(scans, "not_json", "expected JSON");
    }
  }

  #die(scans: Scan[], code: Fault["code"], detail: string): number {
    this.#state = "dead";
    this.#held.take();
    scans.push({ kind: "fault", fault: { code, detail, fatal: true } });
    return 0;
  }
}

function refuse(scans: Scan[], mistake: Fault): void {
  scans.push({ kind: "fault", fault: { ...mistake, fatal: false } });
}

function isWhitespace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** A digit, `-`, and the first letters of `true`, `false` and `null`. */
function startsScalar(byte: number): boolean {
  return isDigit(byte) || byte === 0x2d || byte === 0x74 || byte === 0x66 || byte === 0x6e;
}

/** Digits, letters, `+`, `-`, `.`: more than any scalar needs, so that `truely` is one mistake and not two values. */
function continuesScalar(byte: number): boolean {
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x7a) || byte === 0x2b || byte === 0x2d || byte === 0x2e;
}
