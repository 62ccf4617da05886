// Goal: the sqlite store does what every store must do.
// Method: the conformance suite, each test on a file of its own.
import assert from "node:assert/strict";
import { openSqliteStore } from "../../../src/stores/sqlite/open-sqlite-store.ts";
import { storeConformance } from "../../conformance/store-conformance.ts";

storeConformance({
  name: "sqlite",
  isDurable: true,
  async open(directory) {
    const opened = await openSqliteStore({ directory });
    assert.ok(opened.ok, "the store opens");
    return opened.repositories;
  },
});
