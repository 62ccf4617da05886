// Goal: the memory store, which is the model for the others, does what every store must do.
// Method: the conformance suite.
import { openMemoryStore } from "../../../src/stores/memory/open-memory-store.ts";
import { storeConformance } from "../../conformance/store-conformance.ts";

storeConformance({ name: "memory", isDurable: false, open: async () => openMemoryStore() });
