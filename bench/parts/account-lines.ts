import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { BenchAccount } from "../measure/account-file.ts";

/** The first `count` accounts of the file, one after another. */
export async function* accountLines(path: string, count: number): AsyncGenerator<BenchAccount> {
  const stream = createReadStream(path);
  let read = 0;
  for await (const line of createInterface({ input: stream })) {
    if (read === count) break;
    read += 1;
    yield JSON.parse(line) as BenchAccount;
  }
  stream.destroy();
}
