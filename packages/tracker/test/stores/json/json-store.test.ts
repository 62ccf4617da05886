// Goal: the json store does what every store must do.
// Method: the conformance suite, each test in a folder of its own.
import assert from "node:assert/strict";
import { systemClock } from "@papo/link";
import { openJsonStore } from "../../../src/stores/json/open-json-store.ts";
import { storeConformance } from "../../conformance/store-conformance.ts";

storeConformance({
  name: "json",
  isDurable: true,
  async open(directory) {
    const opened = await openJsonStore({ directory, clock: systemClock });
    assert.ok(opened.ok, "the store opens");
    return opened.repositories;
  },
});
