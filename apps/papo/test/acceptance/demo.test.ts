// Goal: `papo demo` proves what it claims, in both languages, leaves nothing behind, and can fail.
// Method: the real process; for the failure its tracker is killed under it.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { startPapo, TemporaryHome } from "@papo/testing";
import { catalogueOf, LANGUAGES } from "@papo/view-model";

/** Some forty steps, each of which has a limit of its own: this one ends what hangs. */
const ENDS_MS_MAX = 240_000;

for (const language of LANGUAGES) {
  test(`holds the founding conversation over encrypted links (${language})`, async () => {
    using home = new TemporaryHome();
    mkdirSync(home.at("tmp"));
    await using demo = startPapo(["demo", "--lang", language], { home, env: { TMPDIR: home.at("tmp") } });
    const { code } = await demo.endWithin(ENDS_MS_MAX);
    assert.equal(code, 0, demo.err.text);
    assert.equal(demo.out.count(/^\[\d\d:\d\d:\d\d\] <gabi> olaaaa$/mu), 4, "three screens, and one after a restart");
    assert.equal(demo.out.count(/X25519MLKEM768/u), 8);
    assert.ok(demo.out.text.trimEnd().endsWith(catalogueOf(language).papo.demo.nothingLost(8)));
    assert.deepEqual(
      readdirSync(home.at("tmp")).filter((name) => name.startsWith("papo-demo")),
      [],
    );
  });
}

test("says what failed, and leaves nothing behind then either", async () => {
  using home = new TemporaryHome();
  mkdirSync(home.at("tmp"));
  await using demo = startPapo(["demo"], { home, env: { TMPDIR: home.at("tmp") } });
  await demo.out.see("papo://");
  for (const child of childrenOf(demo.pid)) process.kill(child, "SIGKILL");
  assert.equal((await demo.endWithin(ENDS_MS_MAX)).code, 1);
  assert.match(demo.err.text, /The demo failed: \w+ ended unexpectedly/u);
  assert.deepEqual(
    readdirSync(home.at("tmp")).filter((name) => name.startsWith("papo-demo")),
    [],
  );
});

function childrenOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? [] : children.split(" ").map(Number);
}
