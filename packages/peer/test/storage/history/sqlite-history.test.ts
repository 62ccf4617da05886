// Goal: the history on disk does what every history must.
// Method: the common suite on a folder of its own each; opened again, the folder holds what it held.
import { historyConformance } from "../../conformance/history-conformance.ts";
import { emptyFolder, historyIn } from "./sqlite-fixture.ts";

historyConformance({
  name: "on disk",
  async open(test) {
    const folder = await emptyFolder(test);
    return { history: await historyIn(test, folder), reopen: () => historyIn(test, folder) };
  },
});
