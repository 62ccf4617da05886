// Goal: the operator of this machine, and nobody in another's name, can ask whether the tracker lives, serves, and how it does.
// Method: the real server on a free port.
import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { startOps } from "../../src/ops/ops-server.ts";
import { openPrometheus } from "../../src/ops/prometheus.ts";
import { TrackerRig } from "../tracker-rig.ts";

type Got = { readonly status: number | undefined; readonly text: string };

function get(port: number, path: string, options: { method?: string; host?: string } = {}): Promise<Got> {
  const { method = "GET", host = `127.0.0.1:${port}` } = options;
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers: { host } }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => (text += piece));
      response.on("end", () => resolve({ status: response.statusCode, text }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

test("healthy, ready until it drains, and counted", async (context) => {
  const prometheus = await openPrometheus();
  const rig = await TrackerRig.start({ metrics: prometheus.metrics });
  const ops = await startOps({ port: 0, isReady: () => rig.tracker.isReady(), figures: prometheus });
  assert.ok(ops.ok);
  context.after(() => ops.value.close());
  const { port } = ops.value;

  const gabi = await rig.papo("gabi");
  await gabi.register();
  await (await rig.seed()).register("nori");
  await gabi.ask({ cmd: "CREATE_ROOM", room: "Turma" });
  await (await rig.seed()).login("nobody");

  assert.deepEqual(await get(port, "/healthz"), { status: 200, text: "ok\n" });
  assert.equal((await get(port, "/readyz")).status, 200);
  const { text } = await get(port, "/metrics");
  assert.match(text, /papo_tracker_sessions\{dialect="papo"\} 1/u);
  assert.match(text, /papo_tracker_commands_total\{command="LOGIN",outcome="invalid_credentials"\} 1/u);
  assert.match(text, /papo_tracker_users_online 2/u);
  assert.match(text, /papo_tracker_live_rooms 1/u);
  assert.match(text, /nodejs_eventloop_lag_p99_seconds/u);
  assert.ok(!text.includes("gabi") && !text.includes("Turma"));

  assert.equal((await get(port, "/metrics", { host: "evil.test" })).status, 421);
  assert.equal((await get(port, "/healthz", { method: "POST" })).status, 405);
  assert.equal((await get(port, "/else")).status, 404);

  await rig.during(rig.tracker.drain());
  assert.equal((await get(port, "/healthz")).status, 200);
  assert.equal((await get(port, "/readyz")).status, 503);
});

test("a port in use is a value", async (context) => {
  const first = await startOps({ port: 0, isReady: async () => true, figures: undefined });
  assert.ok(first.ok);
  context.after(() => first.value.close());
  const second = await startOps({ port: first.value.port, isReady: async () => true, figures: undefined });
  assert.equal(second.ok === false && second.fault.code, "busy");
});
