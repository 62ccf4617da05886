// Goal: a suspended machine, a full disk and a damaged file cost nobody a message that was stored, and everybody is told.
// Method: real processes in one room with private chats: stopped by signal, on a small disk of their own, and with files that were cut or changed
// between two runs. What the processes answered is held against all histories.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { TemporaryHome } from "@papo/testing";
import { Group } from "./headless/group.ts";
import { PATIENCE_MS } from "./headless/headless-peer.ts";
import type { Person } from "./headless/person.ts";
import { RestartingTracker } from "./headless/restarting-tracker.ts";

/** Room for a history of some hundred texts, and little enough to fill. */
const DISK_BYTES = 16_777_216;
const BALLAST_PIECE_BYTES = 65_536;
/** What is said until a full disk refuses some of it: a file that is there already may have space left inside. */
const TEXTS_TO_FILL = 2_000;
/** Each settles several times, every time with patience of its own. */
const TEST_MS = 4 * PATIENCE_MS;

async function gather(home: TemporaryHome): Promise<{
  readonly group: Group;
  readonly ana: Person;
  readonly bia: Person;
  readonly tracker: RestartingTracker;
}> {
  await using undo = new AsyncDisposableStack();
  const tracker = undo.use(await RestartingTracker.start(home));
  const group = await Group.gather(["ana", "bia", "caio"], home, tracker);
  const [ana, bia] = group.people;
  assert.ok(ana !== undefined && bia !== undefined);
  undo.move();
  return { group, ana, bia, tracker };
}

test("F20, I1, I2, I5: a suspended program wakes up, links again, and gets and gives what was written meanwhile", {
  timeout: TEST_MS,
}, async (t) => {
  using home = new TemporaryHome();
  const { group, ana, bia, tracker } = await gather(home);
  await using _tracker = tracker;
  await using _group = group;
  await group.talk(4);
  bia.peer.program.signal("SIGSTOP");
  const typed = group.talkAlone(bia, 4);
  await group.talkAlone(ana, 20);
  group.cut();
  await ana.peer.until("the end of the link", () => ana.peer.saw(({ kind }) => kind === "unlinked"));
  await group.talkAlone(ana, 20);
  bia.peer.program.signal("SIGCONT");
  await typed;
  t.diagnostic(`${Math.round(await group.untilSettled())} ms from waking up until everybody had everything`);
});

test("F9, I1: what a full disk refuses is never called stored; the log stays whole and goes on without a restart", {
  timeout: TEST_MS,
}, async (t) => {
  using home = new TemporaryHome();
  const folder = home.at("ana");
  using disk = SmallDisk.at(folder);
  if (disk === undefined) return t.skip("needs the right to mount a small disk");
  const { group, ana, bia, tracker } = await gather(home);
  await using _tracker = tracker;
  await using _group = group;
  await group.talk(8);
  disk.fill();
  while (group.ledger.count("refused") === 0 && group.ledger.count("stored") < TEXTS_TO_FILL)
    await group.talkAlone(ana, 4);
  assert.ok(group.ledger.count("refused") > 0, "a full disk refuses");
  await group.talkAlone(bia, 40);

  disk.empty();
  await group.talk(8);
  t.diagnostic(`${group.ledger.count("refused")} refused while the disk was full`);
  await group.untilSettled();
  await ana.peer.kill();
  await group.comeBack(ana);
  await group.untilSettled();
});

/** A file system of its own for one folder. */
class SmallDisk {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static at(folder: string): SmallDisk | undefined {
    mkdirSync(folder, { mode: 0o700 });
    const args = ["-t", "tmpfs", "-o", `size=${DISK_BYTES},mode=700`, "papo-test", folder];
    const { status } = spawnSync("mount", args);
    return status === 0 ? new SmallDisk(folder) : undefined;
  }

  get #ballast(): string {
    return join(this.#folder, "ballast");
  }

  fill(): void {
    const file = openSync(this.#ballast, "w");
    try {
      for (;;) writeSync(file, Buffer.alloc(BALLAST_PIECE_BYTES));
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
    } finally {
      closeSync(file);
    }
  }

  empty(): void {
    rmSync(this.#ballast);
  }

  [Symbol.dispose](): void {
    spawnSync("umount", ["-l", this.#folder]);
  }
}

test("F10, S1, I5, I9: a history that was cut or changed between two runs is set aside and told of; others give back what is gone, and no number is used twice", {
  timeout: TEST_MS,
}, async (t) => {
  using home = new TemporaryHome();
  const { group, ana, tracker } = await gather(home);
  await using _tracker = tracker;
  await using _group = group;
  group.forgetful = ana;
  for (const { what, isTold, damage } of DAMAGES) {
    await group.talk(16);
    await group.untilSettled();
    await ana.peer.kill();
    const folder = accountFolder(home, ana);
    const before = setAside(folder);
    damage(join(folder, "history.db"));
    await group.comeBack(ana);
    const { problems } = (await ana.peer.call("diagnostics")) ?? { problems: [] };
    assert.equal(/history was damaged: it is kept aside/u.test(JSON.stringify(problems)), isTold, what);
    assert.equal(setAside(folder) - before, isTold ? 1 : 0, what);
    t.diagnostic(`${what}: ${Math.round(await group.untilSettled())} ms until everybody had everything again`);
  }
  await group.talk(8);
  await group.untilSettled();
});

/** A log that ends early looks as if a crash had ended it: nobody can tell. */
const DAMAGES: readonly { readonly what: string; readonly isTold: boolean; readonly damage: (file: string) => void }[] =
  [
    { what: "the log cut", isTold: false, damage: (file) => cut(`${file}-wal`) },
    { what: "file and log changed", isTold: true, damage: (file) => [file, `${file}-wal`].forEach(change) },
    { what: "file and log cut", isTold: true, damage: (file) => [file, `${file}-wal`].forEach(cut) },
  ];

function cut(file: string): void {
  truncateSync(file, Math.floor(readFileSync(file).length * 0.6));
}

function change(file: string): void {
  const bytes = readFileSync(file);
  const from = Math.floor(bytes.length / 3);
  bytes.fill(0xa5, from, from + Math.ceil(bytes.length / 20));
  writeFileSync(file, bytes);
}

function setAside(folder: string): number {
  return readdirSync(folder).filter((name) => name.startsWith("history.damaged-") && name.endsWith(".db")).length;
}

function accountFolder(home: TemporaryHome, { name }: Person): string {
  const [account = ""] = readdirSync(home.at(name, "accounts"));
  return home.at(name, "accounts", account);
}
