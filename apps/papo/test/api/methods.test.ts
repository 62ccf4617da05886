// Goal: docs/socket.md tells of every method of the socket, and of no other.
// Method: the first column of its table, beside the table of the code.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { METHODS } from "../../src/api/methods.ts";

test("the page has a row for each method", () => {
  const page = readFileSync(new URL("../../../../docs/socket.md", import.meta.url), "utf8");
  const [, methods = ""] = page.split("## Methods");
  const [table = ""] = methods.split("## Events");
  const written = Array.from(table.matchAll(/^\| `(\w+)` \|/gmu), ([, name]) => name);
  assert.equal(written.length, new Set(written).size);
  assert.deepEqual(new Set(written), new Set(["subscribe", "unsubscribe", ...METHODS.keys()]));
});
