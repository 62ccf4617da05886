// Goal: a capture at a machine holds each byte of each connection once, in order, and can see what is readable.
// Method: a megabyte of known bytes through plain TCP between two machines of the laboratory. Needs root, ip, nft and tcpdump; says so otherwise.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Capture } from "../../src/lab/capture.ts";
import { Lab } from "../../src/lab/lab.ts";
import { areTlsRecords } from "../../src/lab/tls-records.ts";
import { TemporaryHome } from "../../src/processes/temporary-home.ts";

const PIECE = "olá, nori. ";
const BYTES = 1_000_000;
const SERVE = `require("node:net").createServer((s) => s.on("data", () => {}).on("end", () => s.end("bye"))).listen(5000, () => console.log("listening"))`;
const SEND = `const s = require("node:net").connect(5000, process.argv[1], () => s.end("${PIECE}".repeat(${BYTES}).slice(0, ${BYTES})));
s.on("data", (d) => console.log(String(d)))`;

test("both directions of a connection are read back whole", async (t) => {
  if (!Lab.isPossible() || !Capture.isPossible()) {
    t.skip("needs root, ip, nft and tcpdump");
    return;
  }
  using home = new TemporaryHome();
  using lab = new Lab();
  const [gabi, nori] = [lab.host("gabi"), lab.host("nori")];
  await using server = nori.node(["-e", SERVE], { env: home.environment() });
  await server.out.see("listening");
  await using capture = await Capture.at(nori);
  await using client = gabi.node(["-e", SEND, nori.address], { env: home.environment() });
  await client.out.see("bye");
  await client.endWithin();

  const streams = await capture.streams();
  assert.equal(streams.length, 2);
  const up = streams.find(({ to }) => to === `${nori.address}:5000`);
  const down = streams.find(({ from }) => from === `${nori.address}:5000`);
  // Not by the values themselves: a complaint would show all of them.
  assert.ok(up?.bytes.toString("utf8") === PIECE.repeat(BYTES).slice(0, BYTES));
  assert.equal(down?.bytes.toString("utf8"), "bye");
  assert.equal(areTlsRecords(up.bytes), false);
});
