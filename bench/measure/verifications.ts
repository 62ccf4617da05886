import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

/** From now on counts signatures that this process verifies; TLS does its own elsewhere. */
export function verificationsCounted(): () => number {
  let count = 0;
  const { verify } = crypto;
  crypto.verify = ((...args: Parameters<typeof verify>) => {
    count += 1;
    return verify(...args);
  }) as typeof verify;
  syncBuiltinESMExports();
  return () => count;
}
