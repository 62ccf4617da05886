import { type TestContext, test } from "node:test";
import { Lab } from "./lab.ts";

/** A test that needs a laboratory: where none can be made it does not run, and the report says why. */
export function labTest(name: string, run: (t: TestContext) => Promise<void> | void): void {
  void test(name, async (t) => {
    if (Lab.isPossible()) await run(t);
    else t.skip("needs root, ip and nft");
  });
}
