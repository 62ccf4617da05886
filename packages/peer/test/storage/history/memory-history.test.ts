// Goal: the history in memory does what every history must, and loses exactly what a crash may lose.
// Method: the common suite; then crashes at every number of commits that were waiting.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HistoryChange } from "../../../src/storage/history/history.ts";
import { MemoryHistory } from "../../../src/storage/history/memory/memory-history.ts";
import { historyConformance } from "../../conformance/history-conformance.ts";

historyConformance({
  name: "in memory",
  open() {
    const history = new MemoryHistory();
    return Promise.resolve({ history, reopen: () => Promise.resolve(history.crash()) });
  },
});

const counting = (value: number): HistoryChange[] => [{ kind: "put-setting", name: "count", value: `${value}` }];

test("F1: a crash keeps what was durable and any first part of what waited; nobody hears from the dead", async () => {
  for (const kept of [0, 1, 2, 3]) {
    const syncs: (() => void)[] = [];
    const history = new MemoryHistory({ sync: (flush) => void syncs.push(flush) });
    const first = history.commit(counting(1));
    syncs.shift()?.();
    assert.ok((await first).ok);
    let heard = 0;
    for (const value of [2, 3, 4]) void history.commit(counting(value)).then(() => (heard += 1));
    assert.equal(history.waiting, 3);
    assert.equal(history.setting("count"), "1");

    const restarted = history.crash(kept);
    syncs.shift()?.();
    history.flush();
    void history.commit(counting(9)).then(() => (heard += 1));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(heard, 0);
    assert.equal(restarted.setting("count"), `${1 + kept}`);
    assert.equal(restarted.durable, 1 + kept);
  }
});

test("F9: a commit that the disk does not take changes nothing, those around it are kept, and later it works", async () => {
  let isFull = true;
  const history = new MemoryHistory({ fails: (changes) => isFull && changes.length > 1 });
  const large = [...counting(2), ...counting(3)];
  const outcomes = await Promise.all([history.commit(counting(1)), history.commit(large)]);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.ok || outcome.fault.code),
    [true, "storage_failed"],
  );
  assert.equal(history.setting("count"), "1");
  isFull = false;
  assert.ok((await history.commit(large)).ok);
});
