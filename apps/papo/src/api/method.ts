import type { PeerApi } from "@papo/peer/api";
import { decodeWith, type Outcome } from "@papo/protocol";
import type * as v from "valibot";

/** One request of the socket. Its parameters are decoded before it is called; what it answers is a value of the engine. */
export type Method = (peer: PeerApi, params: unknown) => Promise<Outcome<unknown>>;

type ParamsSchema = v.GenericSchema<unknown, unknown>;

/** Marks what was wrong with the parameters, which the caller has to mend, among what the engine refuses. */
export const BAD_PARAMS = "invalid_message";

export function method<S extends ParamsSchema>(
  schema: S,
  run: (peer: PeerApi, params: v.InferOutput<S>) => Promise<Outcome<unknown>> | Outcome<unknown>,
): Method {
  return async (peer, given) => {
    const params = decodeWith(schema, given);
    return params.ok ? run(peer, params.value) : params;
  };
}
