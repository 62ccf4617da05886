// Goal: the operator reads the report's lines, no stranger writes one of them, and no secret reaches any.
// Method: each event through both logs; a whole life of a tracker with its secrets searched for.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Username } from "@papo/protocol";
import { openHumanLog } from "../../src/log/human-log.ts";
import { openJsonLog } from "../../src/log/json-log.ts";
import type { LogEvent } from "../../src/log/tracker-log.ts";
import { hashOf } from "../tracker-in-reach.ts";
import { TrackerRig } from "../tracker-rig.ts";

const name = (text: string) => text as Username;

function human(...events: readonly LogEvent[]): string[] {
  const lines: string[] = [];
  const log = openHumanLog((line) => lines.push(line));
  for (const event of events) log.event(event);
  return lines;
}

test("the lines of the report, to the letter", () => {
  const lines = human(
    { kind: "listening", host: "localhost", port: 6060 },
    { kind: "connected", dialect: "seed", address: "127.0.0.1", port: 47_142 },
    { kind: "logged_in", username: name("gabi") },
    { kind: "notifying", usernames: [name("gabi")] },
    { kind: "went_offline", username: name("gabi") },
    { kind: "came_back", username: name("gabi") },
  );
  assert.deepEqual(lines, [
    "Tracker rodando em localhost:6060",
    "[NOVA CONEXÃO] de ('127.0.0.1', 47142)",
    "[LOGIN] gabi logado. Conexão mantida.",
    "[NOTIFICANDO] Enviando ROOM_UPDATE para gabi",
    "[DESCONECTADO] Peer gabi caiu.",
    "[RECONECTADO] Peer gabi voltou.",
  ]);
});

test("R12: a name from an old file forges no line: it is quoted and shown safe", () => {
  const forged = name("x logado.\n[LOGIN] admin\u001b[2J\u202e");
  const [line, ...more] = human({ kind: "logged_in", username: forged });
  assert.deepEqual(more, []);
  assert.ok(line?.startsWith('[LOGIN] "x logado.'));
  assert.doesNotMatch(line ?? "", /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/u);
});

test("R12: JSON lines keep the exact text, in ASCII", async () => {
  const lines: string[] = [];
  const log = await openJsonLog(
    (line) => lines.push(line),
    () => "2030-01-02T03:04:05.006Z",
  );
  const username = name("\u009b2J\u202eção 🎉\n");
  log.event({ kind: "logged_in", username });
  log.event({ kind: "notifying", usernames: Array.from({ length: 1_000 }, () => username) });
  const [line = "", notifying = ""] = lines;
  assert.match(line, /^[ -~]+$/u);
  assert.deepEqual(JSON.parse(line), { level: "info", time: "2030-01-02T03:04:05.006Z", username, event: "logged_in" });
  assert.equal(JSON.parse(notifying).sessions, 1_000);
});

test("no password, key, statement or room text of anybody is ever logged", async () => {
  const events: LogEvent[] = [];
  const rig = await TrackerRig.start({ log: { event: (event) => events.push(event) } });
  const gabi = await rig.papo("gabi");
  await gabi.register();
  await gabi.ask({ cmd: "CREATE_ROOM", room: "Segredo da turma" });
  const nori = await rig.seed();
  await nori.register("nori");
  const wrong = await rig.seed();
  await wrong.login("gabi");
  await rig.during(rig.tracker.drain());

  const text = JSON.stringify(events);
  const user = await rig.repositories.users.find(name("gabi")).catch(() => undefined);
  const secrets = [
    hashOf("gabi"),
    hashOf("nori"),
    gabi.profile.root.keys.publicKey,
    gabi.profile.root.keys.secretKey,
    gabi.profile.device.tls.key,
    "Segredo",
    "argon2id",
    ...(user?.password.kind === "argon2id" ? [user.password.phc] : []),
  ];
  assert.ok(events.length > 5);
  for (const secret of secrets) assert.ok(!text.includes(secret), secret);
});
