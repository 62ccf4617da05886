// Goal: a router with a real miniupnpd opens a port when asked, and others then get in there and nowhere else.
// Method: a NAT-PMP request (RFC 6886 §3.3) from inside, then a connection from outside. Needs root, ip, nft and miniupnpd; says so otherwise.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Lab } from "../../src/lab/lab.ts";
import { PortMapper } from "../../src/lab/port-mapper.ts";
import { TemporaryHome } from "../../src/processes/temporary-home.ts";

const SERVE = `require("node:net").createServer((s) => s.end("inside")).listen(5000, () => console.log("listening"))`;
const MAP = `const request = Buffer.alloc(12);
request[1] = 2;
request.writeUInt16BE(5000, 4);
request.writeUInt16BE(5000, 6);
request.writeUInt32BE(3600, 8);
const s = require("node:dgram").createSocket("udp4").on("message", (answer) => { console.log("result", answer.readUInt16BE(2)); s.close(); });
s.send(request, 5351, process.argv[1]);`;
const GET = `require("node:net").connect(5000, process.argv[1]).on("data", (d) => console.log(String(d)))`;

test("a mapped port leads to who asked for it", async (t) => {
  if (!Lab.isPossible() || !PortMapper.isPossible()) {
    t.skip("needs root, ip, nft and miniupnpd");
    return;
  }
  using home = new TemporaryHome();
  using lab = new Lab();
  const router = lab.nat("router", "preserving");
  const [inside, outside] = [lab.host("inside", { behind: router }), lab.host("outside")];
  const node = (host: typeof inside, ...words: readonly string[]) =>
    host.node(["-e", ...words], { env: home.environment(), name: host.name });
  await using mapper = await PortMapper.on(router);
  await using server = node(inside, SERVE);
  await server.out.see("listening");
  assert.deepEqual(mapper.mappings(), []);

  await using asking = node(inside, MAP, router.lan.gateway.ipv4 ?? "");
  await asking.out.see("result 0");
  assert.equal(mapper.mappings().length, 1, mapper.said);
  await using caller = node(outside, GET, router.address);
  await caller.out.see("inside");
});
