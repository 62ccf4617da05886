import * as v from "valibot";
import { accountKey, deviceKey, sealKey, sha256, timestamp, tlsKey } from "../ids.ts";
import { STATEMENT_BYTES_MAX, STATEMENT_DEVICES_MAX } from "../limits.ts";
import { signedText } from "./signed-text.ts";

/** One device of an account. `added` and `revoked` are labels; a device with `revoked` may do nothing any more. */
export const statementDevice = v.object({
  device: deviceKey,
  tls: tlsKey,
  seal: sealKey,
  added: timestamp,
  revoked: v.nullable(timestamp),
});
export type StatementDevice = v.InferOutput<typeof statementDevice>;

/**
 * The signed text in which an account says which devices are its own. `version` counts from 1, `prev` is the SHA-256 of
 * the text before it. The highest version wins; two different texts of one version prove theft. docs/protocol/identity.md §3
 */
export const accountStatement = v.object({
  v: v.literal(1),
  account: accountKey,
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  prev: v.nullable(sha256),
  devices: v.pipe(v.array(statementDevice), v.minLength(1), v.maxLength(STATEMENT_DEVICES_MAX)),
});
export type AccountStatement = v.InferOutput<typeof accountStatement>;

export const signedStatement = signedText(STATEMENT_BYTES_MAX);
