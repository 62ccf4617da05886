// Goal: `papo doctor` tells a healthy tracker from a dead one, a strange one and one with another key by its exit code; it leaves everything as it was, and
// nothing that it prints is secret or names anybody. Method: the real program beside real trackers and servers; a profile whose every secret is searched for.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { startPapo, startTrackerProgram, TemporaryHome } from "@papo/testing";
import { must, PASSWORD, TrustRig } from "./trust-rig.ts";

const home = new TemporaryHome("casa da Fulana");
after(() => home[Symbol.dispose]());

const MESSAGE = "segredo que so nos sabemos";

type Report = {
  readonly v: number;
  readonly ok: boolean;
  readonly checks: readonly { readonly check: string; readonly state: string; readonly finding: string }[];
};

async function run(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const program = startPapo(["doctor", ...args], { home });
  const { code } = await program.endWithin();
  return { code, out: program.out.text, err: program.err.text };
}

/** The finding of each check. */
async function examined(...args: readonly string[]): Promise<{ code: number | null; found: Record<string, string> }> {
  const { code, out } = await run("--json", ...args);
  const report = JSON.parse(out) as Report;
  assert.equal(report.v, 1);
  assert.equal(report.ok, code === 0);
  return { code, found: Object.fromEntries(report.checks.map(({ check, finding }) => [check, finding])) };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return (server.address() as AddressInfo).port;
}

test("with no tracker and no profile there is nothing wrong, and nothing is made", async () => {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  const [{ code, out, err }, named] = await Promise.all([
    run("--profile", home.at("none")),
    examined("--profile", home.at("none"), "--tracker", `127.0.0.1:${port}`),
  ]);
  assert.equal(err, "");
  assert.ok(code === 0 || out.includes("FAILED"));
  assert.ok(!existsSync(home.at("none")));
  assert.deepEqual(
    [named.code, named.found["connection"], named.found["nat"]],
    [1, "connection_refused", "not_reached"],
  );
});

test("a healthy tracker: met for the first time, then under its name, then another in its place", async (t) => {
  const first = await startTrackerProgram(["--store", "memory"], { home });
  t.after(() => first.program.stop());
  const place = `127.0.0.1:${first.port}`;
  const other = `${first.address.slice(0, -10)}AAAAAAAAAA`.replace(/.$/u, "A");
  const [met, known, changed] = await Promise.all([place, first.address, other].map((at) => examined("--tracker", at)));
  assert.ok(met !== undefined && known !== undefined && changed !== undefined);
  assert.equal(met.code, 0);
  assert.deepEqual(
    ["connection", "tracker", "clock", "nat", "reach"].map((check) => met.found[check]),
    ["connection_ok", "tracker_new", "clock_ok", "not_from_here", "not_from_here"],
  );
  assert.equal(known.found["tracker"], "tracker_known");
  assert.deepEqual([changed.code, changed.found["tracker"]], [1, "tracker_changed"]);
  assert.equal((await first.program.stop()).code, 0, "it noticed nobody who stays");
});

test("somebody else's port, and one that takes connections and says nothing", async (t) => {
  const http = createHttpServer((_, response) => response.end("hello"));
  const silent = createServer(() => {});
  t.after(() => http.close());
  t.after(() => silent.close());
  const web = await examined("--tracker", `127.0.0.1:${await listening(http)}`);
  assert.deepEqual([web.code, web.found["tracker"]], [1, "tracker_other_program"]);
  const mute = await examined("--tracker", `127.0.0.1:${await listening(silent)}`);
  assert.deepEqual([mute.code, mute.found["tracker"]], [1, "tracker_silent"]);
});

test("nothing that it prints is secret, names anybody, or says where on this computer anything is", async (t) => {
  const rig = await TrustRig.create(t);
  const gabi = await rig.register("fulana_de_tal");
  const room = must(await gabi.api.createRoom({ name: "quarto secreto", kind: "invite" }));
  must(await gabi.api.send({ kind: "room", id: room.id }, MESSAGE));
  const invite = must(await gabi.api.createInvite(room.id)).link;
  const words = must(await gabi.api.recoveryWords("pt")).join(" ");
  await gabi.api.close();

  const profile = rig.at("fulana_de_tal");
  const tracker = `127.0.0.1:${rig.tracker.port}`;
  const secrets = [
    ...["fulana_de_tal", "quarto secreto", MESSAGE, PASSWORD, invite, words, profile, home.path, "casa da Fulana"],
    ...planted(profile).filter((text) => text !== rig.tracker.key),
  ];
  assert.ok(secrets.length > 20, "keys, names and ids of every file");
  const before = contents(profile);
  const variants = [["--json"], ["--lang", "en"], ["--lang", "pt"], ["--json", "--show-addresses"]];
  const examine = (args: readonly string[]) => run("--profile", profile, "--tracker", tracker, ...args);
  const runs = await Promise.all(variants.map(async (args) => ({ args, ...(await examine(args)) })));
  for (const { args, code, out, err } of runs) {
    assert.equal(code, 0, out + err);
    assert.match(out, args.includes("--json") ? /tracker_known/u : new RegExp(rig.tracker.key.slice(0, 10), "u"));
    for (const secret of secrets) assert.ok(!(out + err).includes(secret), `${args.join(" ")} shows ${secret}`);
  }
  const [own, stranger] = await Promise.all([
    examined("--profile", profile, "--account", "fulana_de_tal"),
    run("--profile", profile, "--account", "beltrano"),
  ]);
  assert.deepEqual([own.code, own.found["tracker"], own.found["history"]], [0, "tracker_known", "history_ok"]);
  assert.deepEqual([stranger.code, stranger.out], [1, ""]);
  assert.deepEqual(contents(profile), before, "and everything is as it was");
});

/** Every longer word in the text files of a profile, and what its files and folders are called. */
function planted(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const names = files.map(({ name }) => name).filter((name) => name.length >= 16);
  const texts = files
    .filter((file) => file.isFile() && !/\.db|lock/u.test(file.name))
    .map((file) => readFileSync(join(file.parentPath, file.name), "utf8"));
  return [...new Set([...names, ...texts.flatMap((text) => text.match(/[\w-]{16,}/gu) ?? [])])];
}

/** What is in it, but for the files that a database keeps beside it while somebody reads. */
function contents(folder: string): readonly (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => !/-(wal|shm)$/u.test(name) && statSync(join(folder, name)).isFile())
    .toSorted()
    .map((name) => [name, readFileSync(join(folder, name)).toString("base64")] as const);
}
