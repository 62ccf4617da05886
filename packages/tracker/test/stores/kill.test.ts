// Goal: what a store has acknowledged is there after `kill -9`, and what is there is whole.
// Method: a real process writes as fast as it can and prints what was acknowledged; it is killed in the middle, several times over the
// same folder. For sqlite this also shows that the writer thread starts both with the condition on the command line and with hooks.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { systemClock } from "@papo/link";
import { openJsonStore } from "../../src/stores/json/open-json-store.ts";
import type { OpenedStore } from "../../src/stores/opened-store.ts";
import { openSqliteStore } from "../../src/stores/sqlite/open-sqlite-store.ts";
import { emptyFolder, named, user } from "../conformance/samples.ts";

const HOOKS = fileURLToPath(new URL("./rig/with-hooks.mjs", import.meta.url));
const PROGRAM = fileURLToPath(new URL("./rig/write-until-killed.ts", import.meta.url));
const ROUNDS = 3;
const ACKNOWLEDGED_BEFORE_KILL = 150;

/** Names that were acknowledged before the process was dead. */
async function writeAndKill(options: readonly string[], store: string, directory: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, [...options, PROGRAM, store, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const names: string[] = [];
  for await (const name of createInterface({ input: outputOf(child) })) {
    names.push(name);
    if (names.length === ACKNOWLEDGED_BEFORE_KILL) child.kill("SIGKILL");
  }
  await exited;
  return names;
}

function outputOf({ stdout }: ChildProcess) {
  assert.ok(stdout !== null);
  return stdout;
}

async function survives(
  directory: string,
  write: () => Promise<readonly string[]>,
  open: () => Promise<OpenedStore>,
): Promise<void> {
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    acknowledged.push(...(await write()));
    const opened = await open();
    assert.ok(opened.ok, `opens after round ${round} in ${directory}`);
    for (const name of acknowledged) {
      assert.deepEqual(await opened.repositories.users.find(named(name)), user(name));
    }
    await opened.repositories.close();
  }
  assert.ok(acknowledged.length >= ROUNDS * ACKNOWLEDGED_BEFORE_KILL);
}

test("F2: sqlite keeps every acknowledged account through kill -9", async (t) => {
  const directory = await emptyFolder(t);
  await survives(
    directory,
    () => writeAndKill(["--conditions=source"], "sqlite", directory),
    () => openSqliteStore({ directory }),
  );
});

test("F2: sqlite does so when started as the command starts it", async (t) => {
  const directory = await emptyFolder(t);
  await survives(
    directory,
    () => writeAndKill([HOOKS], "sqlite", directory),
    () => openSqliteStore({ directory }),
  );
});

test("F2, S8: json keeps every acknowledged account through kill -9", async (t) => {
  const directory = await emptyFolder(t);
  await survives(
    directory,
    () => writeAndKill(["--conditions=source"], "json", directory),
    () => openJsonStore({ directory, clock: systemClock }),
  );
});
