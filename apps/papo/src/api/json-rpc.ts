import { decodeWith, type Fault, type Outcome, parseStrictJson } from "@papo/protocol";
import * as v from "valibot";
import { NO_JSON } from "./refusals.ts";
import { jsonText } from "./json-text.ts";

// JSON-RPC 2.0, one object a line, without batches. docs/socket.md

const ID_CHARS_MAX = 64;

const requestId = v.union([v.pipe(v.string(), v.maxLength(ID_CHARS_MAX)), v.pipe(v.number(), v.safeInteger())]);
export type RequestId = v.InferOutput<typeof requestId>;

const METHOD_CHARS_MAX = 64;

const request = v.object({
  jsonrpc: v.literal("2.0"),
  id: requestId,
  method: v.pipe(v.string(), v.maxLength(METHOD_CHARS_MAX)),
  params: v.optional(v.record(v.string(), v.unknown()), {}),
});
export type RpcRequest = v.InferOutput<typeof request>;

const answer = v.union([
  v.object({ jsonrpc: v.literal("2.0"), id: requestId, result: v.unknown() }),
  v.object({
    jsonrpc: v.literal("2.0"),
    id: v.nullable(requestId),
    error: v.object({ code: v.number(), message: v.string(), data: v.optional(v.unknown()) }),
  }),
  v.object({ jsonrpc: v.literal("2.0"), method: v.literal("event"), params: v.record(v.string(), v.unknown()) }),
]);
export type RpcAnswer = v.InferOutput<typeof answer>;

/** Of the specification; and one for what the engine refuses, with its fault as `data`. */
export const RPC_ERROR = {
  notJson: -32_700,
  badRequest: -32_600,
  noMethod: -32_601,
  badParams: -32_602,
  refused: -32_000,
};

export function readRequest(line: string): Outcome<RpcRequest> {
  const parsed = parseStrictJson(line);
  return parsed.ok ? decodeWith(request, parsed.value) : parsed;
}

export function readAnswer(line: string): Outcome<RpcAnswer> {
  try {
    return decodeWith(answer, JSON.parse(line));
  } catch {
    return { ok: false, fault: NO_JSON };
  }
}

export function resultLine(id: RequestId, result: unknown): string {
  return jsonText({ jsonrpc: "2.0", id, result: result ?? null });
}

export function errorLine(id: RequestId | null, code: number, { code: name, detail }: Fault): string {
  return jsonText({ jsonrpc: "2.0", id, error: { code, message: `${name}: ${detail}`, data: { code: name, detail } } });
}

export function eventLine(event: object): string {
  return jsonText({ jsonrpc: "2.0", method: "event", params: event });
}

export function requestLine(id: RequestId, method: string, params: object): string {
  return jsonText({ jsonrpc: "2.0", id, method, params });
}
