// Goal: a program that asks a Papo that has ended is told so, and waits for nothing.
// Method: a real socket whose other side goes away.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { connectLocally, listenLocally } from "@papo/link";
import { RunningPapo } from "../../src/api/api-client.ts";

const OPTIONS = { lineBytesMax: 1_000, backlogCharsMax: 1_000 };

test("what is asked of a Papo that ends, and what is asked afterwards, is answered with its end", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "papo-client-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "api.sock");
  // Takes one request and ends.
  const listening = await listenLocally(path, OPTIONS, (stream) =>
    stream.listen({ line: () => stream.close(), unreadable: () => {} }),
  );
  assert.ok(listening.ok);
  t.after(() => listening.value.close());
  const connected = await connectLocally(path, OPTIONS);
  assert.ok(connected.ok);
  const client = new RunningPapo(connected.value);
  for (const method of ["self", "rooms"]) {
    const outcome = await client.call(method, {});
    assert.equal(outcome.ok ? "" : outcome.fault.code, "closed");
    await client.closed;
  }
});
