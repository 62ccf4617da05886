import {
  type Outcome,
  type SignatureContext,
  type SignedText,
  decodeWith,
  fail,
  parseStrictJson,
} from "@papo/protocol";
import { verifyText } from "./signing.ts";

type Schema = Parameters<typeof decodeWith>[0];
type Decoded<S extends Schema> = Extract<ReturnType<typeof decodeWith<S>>, { readonly ok: true }>["value"];

type Expectation<S extends Schema> = {
  readonly schema: S;
  readonly context: SignatureContext;
  readonly bytesMax: number;
  /** Whose signature it must carry, which the text itself may say. */
  readonly signer: (content: Decoded<S>) => string;
};

/** The content of a signed text: bounded, strictly decoded, and only then verified. */
export function openSigned<S extends Schema>(
  signed: SignedText,
  { schema, context, bytesMax, signer }: Expectation<S>,
): Outcome<Decoded<S>> {
  if (Buffer.byteLength(signed.text) > bytesMax) return fail("invalid_message", `text: limit ${bytesMax} bytes`);
  const parsed = parseStrictJson(signed.text);
  if (!parsed.ok) return parsed;
  const decoded = decodeWith(schema, parsed.value);
  if (!decoded.ok) return decoded;
  if (!verifyText(signer(decoded.value), context, signed)) return fail("invalid_message", "sig: expected a valid one");
  return decoded;
}
