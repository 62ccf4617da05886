// Goal: a tracker is the same one after a restart, and its keys are nobody else's to read.
// Method: folders of their own.
import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openTrackerStatement } from "@papo/link";
import { openTrackerIdentity } from "../src/tracker-identity.ts";

async function folder(context: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "papo-tracker-"));
  context.after(() => rm(made, { recursive: true }));
  return join(made, "data");
}

test("F2: the same keys at every start, in 0600 files", async (context) => {
  const directory = await folder(context);
  const first = await openTrackerIdentity(directory);
  const second = await openTrackerIdentity(directory);
  assert.ok(first.ok && second.ok);
  assert.equal(first.value.key, second.value.key);
  assert.equal(first.value.tls.certificatePem, second.value.tls.certificatePem);
  const { statement, tls, key } = second.value;
  assert.ok(openTrackerStatement(statement, { channelKey: tls.key, expectedKey: key }).ok);
  for (const file of ["tracker-key.json", "tracker-tls.pem"]) {
    assert.equal((await stat(join(directory, file))).mode & 0o777, 0o600);
  }
});

test("S6: keys that others could read are refused, with the way to put it right", async (context) => {
  const directory = await folder(context);
  await openTrackerIdentity(directory);
  await chmod(join(directory, "tracker-key.json"), 0o644);
  const opened = await openTrackerIdentity(directory);
  assert.ok(!opened.ok && opened.problem.kind === "open_to_others");
  assert.match(opened.problem.fix ?? "", /^chmod 600 /u);
});

test("S1: a damaged key file is refused and stays as it is: a new key would be another tracker", async (context) => {
  const directory = await folder(context);
  await openTrackerIdentity(directory);
  const path = join(directory, "tracker-key.json");
  const whole = await readFile(path, "utf8");
  const { publicKey, secretKey } = JSON.parse(whole);
  const flipped = JSON.stringify({ publicKey, secretKey: (secretKey[0] === "A" ? "B" : "A") + secretKey.slice(1) });
  for (const damaged of [
    flipped,
    "",
    "{}",
    "[]",
    "\0",
    whole.slice(0, 40),
    whole.replace(/"secretKey":"./u, '"secretKey":"!'),
  ]) {
    await writeFile(path, damaged);
    const opened = await openTrackerIdentity(directory);
    assert.ok(!opened.ok && opened.problem.code === "damaged", damaged);
    assert.equal(await readFile(path, "utf8"), damaged);
  }
});
