import crypto, { type KeyObject } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

/** As many answers as are kept before all are forgotten. */
const ANSWERS_MAX = 20_000;

/**
 * Salts are all alike here: what an entry is called must depend on the schedule alone, or a seed would not give the same run again. And the same signature is
 * verified once, not once by each of six devices: the answer depends on nothing else, and it would be a third of the time of a run.
 */
export function makeCryptoRepeatable(): void {
  crypto.randomBytes = (size: number) => Buffer.alloc(size);
  const verify = crypto.verify.bind(crypto) as Verify;
  const answersByKey = new Map<KeyObject, Map<string, boolean>>();
  let count = 0;
  const remembered: Verify = (algorithm, data, key, signature) => {
    const asked = `${data.toString("latin1")} ${Buffer.from(signature).toString("latin1")}`;
    const answers = answersByKey.get(key) ?? new Map<string, boolean>();
    answersByKey.set(key, answers);
    const known = answers.get(asked);
    if (known !== undefined) return known;
    const answer = verify(algorithm, data, key, signature);
    answers.set(asked, answer);
    count += 1;
    if (count > ANSWERS_MAX) {
      count = 0;
      answersByKey.clear();
    }
    return answer;
  };
  crypto.verify = remembered as typeof crypto.verify;
  syncBuiltinESMExports();
}

type Verify = (algorithm: null, data: Buffer, key: KeyObject, signature: Uint8Array) => boolean;
