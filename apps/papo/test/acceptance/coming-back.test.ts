// Goal: whoever comes back from an older folder, a copied one, a damaged history, a backup or 24 words is the same account on a new device: nothing that was
// said is lost or said twice, no number is used twice, and nobody is shown a fork or a gap.
// Method: whole engines with real folders that are copied, put back or damaged while they are closed; a real tracker in this process; real sockets.
import assert from "node:assert/strict";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Room } from "@papo/peer";
import { PASSWORD, type Someone, TrustRig, must, named } from "./trust-rig.ts";

/** gabi and nori in a room of gabi's, where both have said something and both have everything. */
async function talking(rig: TrustRig, kind: "open" | "invite" = "open"): Promise<Talking> {
  const gabi = await rig.register("gabi");
  const nori = await rig.register("nori");
  const room = must(await gabi.api.createRoom({ name: "SALA", kind }));
  if (kind === "open") must(await nori.api.joinRoom("SALA"));
  else must(await nori.api.joinByInvite(must(await gabi.api.createInvite(room.id)).link));
  await nori.until("the room", () => nori.standing(room.id) === "member");
  await gabi.say(room.id, "one");
  await nori.say(room.id, "two");
  for (const each of [gabi, nori]) await each.sees(room.id, ["gabi: one", "nori: two"]);
  return { gabi, nori, room };
}
type Talking = { readonly gabi: Someone; readonly nori: Someone; readonly room: Room };

function noHarm(...all: readonly Someone[]): void {
  for (const each of all) {
    assert.equal(each.count("forked"), 0, "nobody is told of a fork");
    assert.equal(each.count("name-conflict"), 0, "no two statements of one version");
  }
}

test("F15: a profile that is started twice: both are warned and go on as devices of their own, and nothing is lost", async (t) => {
  const rig = await TrustRig.create(t);
  const { gabi, nori, room } = await talking(rig);
  await gabi.api.close();
  await rig.copy("gabi", "copy");

  const first = await rig.resume("gabi");
  await first.until("nori", () => first.isLinkedTo("nori"));
  await first.say(room.id, "from the first");
  const copy = await rig.resume("gabi", "copy");
  await copy.until("its new keys", () => copy.count("copied") === 1);
  await copy.until("a place to write", () => copy.standing(room.id) === "member");
  await copy.say(room.id, "from the copy");
  await first.until("its new keys", () => first.count("copied") === 1);
  await first.until("to be back", () => first.api.trackerState().kind === "online");
  await first.say(room.id, "from the first again");

  const all = ["gabi: one", "nori: two", "gabi: from the first", "gabi: from the copy", "gabi: from the first again"];
  for (const each of [nori, first, copy]) await each.sees(room.id, all);
  assert.deepEqual(
    nori.shown(room.id).filter(({ kept }) => kept?.afterGap === true),
    [],
  );
  noHarm(first, copy, nori);
  await nori.until("the newest statement", () => nori.devices("gabi").length === 3);
  assert.deepEqual(
    nori.devices("gabi").map(({ revoked }) => revoked),
    [true, false, false],
  );
});

test("F15: a copy that has started more often takes the session over; both are warned, and what both wrote under one number stays", async (t) => {
  const rig = await TrustRig.create(t);
  const { gabi, nori, room } = await talking(rig);
  await gabi.api.close();
  await rig.copy("gabi", "copy");
  for (let starts = 0; starts < 3; starts += 1) await rig.startInVain("gabi", "copy");

  const first = await rig.resume("gabi");
  await first.until("nori", () => first.isLinkedTo("nori"));
  await first.say(room.id, "from the first");
  await nori.until("it", () => nori.texts(room.id).includes("gabi: from the first"));
  const copy = await rig.resume("gabi", "copy");
  await copy.say(room.id, "from the copy");
  for (const each of [first, copy]) await each.until("its new keys", () => each.count("copied") === 1);

  const all = ["gabi: one", "nori: two", "gabi: from the first", "gabi: from the copy"];
  for (const each of [nori, first, copy]) await each.sees(room.id, all);
  for (const each of [nori, first, copy]) assert.equal(each.shown(room.id).length, all.length, "each once");
  await first.until("a place to write", () => first.standing(room.id) === "member");
  await first.say(room.id, "afterwards");
  for (const each of [nori, first, copy]) await each.sees(room.id, [...all, "gabi: afterwards"]);
});

test("S2: a folder that was put back from an older copy gets its own words from others, and uses no number twice", async (t) => {
  const rig = await TrustRig.create(t);
  const { gabi, nori, room } = await talking(rig);
  await gabi.api.close();
  await rig.copy("gabi", "older");
  const later = await rig.resume("gabi");
  await later.say(room.id, "three");
  await later.say(room.id, "four");
  const all = ["gabi: one", "nori: two", "gabi: three", "gabi: four"];
  await nori.sees(room.id, all);
  await later.api.close();

  await rig.copy("older", "gabi");
  const restored = await rig.resume("gabi");
  assert.equal(restored.count("copied"), 1);
  await restored.until("a place to write", () => restored.standing(room.id) === "member");
  await restored.say(room.id, "five");
  for (const each of [restored, nori]) await each.sees(room.id, [...all, "gabi: five"]);
  noHarm(restored, nori);
});

test("S2: a damaged history is set aside and told of, the device gets other keys, and what was lost comes back from others", async (t) => {
  const rig = await TrustRig.create(t);
  const { gabi, nori, room } = await talking(rig);
  const before = gabi.devices("gabi");
  await gabi.api.close();
  const folder = await rig.accountFolder("gabi");
  await spoil(join(folder, "history.db"));

  const back = await rig.resume("gabi");
  await back.until("the problem", () => back.count("problem") >= 1);
  assert.ok((await readdir(folder)).some((name) => name.startsWith("history.damaged-")));
  assert.notDeepEqual(back.devices("gabi").find(({ own }) => own)?.device, before.find(({ own }) => own)?.device);
  await back.sees(room.id, ["gabi: one", "nori: two"]);
  await back.until("a place to write", () => back.standing(room.id) === "member");
  await back.say(room.id, "three");
  for (const each of [back, nori]) await each.sees(room.id, ["gabi: one", "nori: two", "gabi: three"]);
  noHarm(back, nori);
});

/** Everything behind the first page. */
async function spoil(path: string): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, "r+");
  await file.write(Buffer.alloc(size - 4_096, 0xa5), 0, size - 4_096, 4_096);
  await file.close();
}

for (const kind of ["open", "invite"] as const) {
  test(`24 words bring an account back on an empty profile: an ${kind} room and private chats go on`, async (t) => {
    const rig = await TrustRig.create(t);
    const { gabi, nori, room } = await talking(rig, kind);
    must(await nori.api.openPrivate("gabi"));
    await nori.whisper("gabi", "just for you");
    await gabi.until("it", () => gabi.whispers("nori").length === 1);
    const words = must(await gabi.api.recoveryWords("pt")).join(" ");
    const { account } = gabi.api;
    await gabi.api.close();

    const back = await rig.open("empty");
    must(await back.api.recover({ username: "gabi", words }));
    assert.equal(back.api.account, account);
    await back.sees(room.id, ["gabi: one", "nori: two"]);
    await back.until("a place to write", () => back.standing(room.id) === "member");
    await back.say(room.id, "three");
    for (const each of [back, nori]) await each.sees(room.id, ["gabi: one", "nori: two", "gabi: three"]);

    must(await back.api.openPrivate("nori"));
    await back.whisper("nori", "I am back");
    await nori.until("it", () => nori.whispers("gabi").includes("gabi: I am back"));
    await nori.whisper("gabi", "good");
    await back.until("the answer", () => back.whispers("nori").includes("nori: good"));
    assert.equal(nori.count("key-changed"), 0, "it is the same account");
    assert.deepEqual(
      nori.devices("gabi").map(({ revoked }) => revoked),
      [false, false],
    );
    noHarm(back, nori);
  });
}

test("words that are wrong, or of somebody else, open nothing and leave nothing behind", async (t) => {
  const rig = await TrustRig.create(t);
  const gabi = await rig.register("gabi");
  const nori = await rig.register("nori");
  const words = must(await nori.api.recoveryWords("en")).join(" ");
  const empty = await rig.open("empty");
  const cases = [
    [{ username: "gabi", words }, "invalid_credentials"],
    [{ username: "nobody", words }, "invalid_credentials"],
    [{ username: "gabi", words: "abandon abandon" }, "words_invalid"],
  ] as const;
  for (const [given, code] of cases) {
    const answer = await empty.api.recover(given);
    assert.equal(!answer.ok && answer.fault.code, code);
  }
  assert.deepEqual(await empty.api.knownAccounts(), []);
  const answer = await gabi.api.recover({ username: "nori", words });
  assert.equal(!answer.ok && answer.fault.code, "already_logged_in");
});

test("S7: a backup brings an account back on a fresh profile, with its history; older than the account, it gets the rest from others", async (t) => {
  const rig = await TrustRig.create(t);
  const { gabi, nori, room } = await talking(rig);
  await gabi.whisper("nori", "before");
  await nori.until("it", () => nori.whispers("gabi").length === 1);
  const file = rig.at("gabi.papo");
  for (const passphrase of ["", "no"]) {
    const exported = await gabi.api.exportBackup(rig.at(`x${passphrase}.papo`), passphrase);
    assert.equal(exported.ok ? "ok" : exported.fault.code, passphrase === "" ? "bad_text" : "ok");
  }
  must(await gabi.api.exportBackup(file, "passphrase"));
  assert.deepEqual(
    (await readdir(await rig.accountFolder("gabi"))).filter((name) => name.includes("copy")),
    [],
  );
  await gabi.say(room.id, "after the backup");
  const all = ["gabi: one", "nori: two", "gabi: after the backup"];
  await nori.sees(room.id, all);
  await gabi.api.close();

  const back = await rig.open("fresh");
  for (const [passphrase, code] of [
    ["", "bad_text"],
    ["wrong", "backup_unreadable"],
  ] as const) {
    const refused = await back.api.importBackup(file, passphrase);
    assert.equal(!refused.ok && refused.fault.code, code);
  }
  assert.equal(must(await back.api.importBackup(file, "passphrase")), "gabi");
  assert.deepEqual(back.whispers("nori"), ["gabi: before"]);
  assert.equal(back.count("copied"), 0, "a new device is no copy");
  await back.until("a place to write", () => back.standing(room.id) === "member");
  await back.say(room.id, "three");
  for (const each of [back, nori]) await each.sees(room.id, [...all, "gabi: three"]);
  await back.whisper("nori", "here again");
  await nori.until("it", () => nori.whispers("gabi").includes("gabi: here again"));
  assert.deepEqual(nori.whispers("gabi"), ["gabi: before", "gabi: here again"]);
  assert.deepEqual(
    nori.devices("gabi").map(({ revoked }) => revoked),
    [false, false],
  );
  noHarm(back, nori);

  // The first device was never another's copy: it goes on beside the new one.
  await back.api.close();
  const first = await rig.resume("gabi");
  await first.until("a place to write", () => first.standing(room.id) === "member");
  await first.say(room.id, "the first device");
  for (const each of [first, nori]) await each.sees(room.id, [...all, "gabi: three", "gabi: the first device"]);
  assert.equal(first.count("copied"), 0);
  noHarm(first, nori);
});

test("an account at hand is imported once, and not while somebody is logged in", async (t) => {
  const rig = await TrustRig.create(t);
  const gabi = await rig.register("gabi");
  const file = rig.at("gabi.papo");
  must(await gabi.api.exportBackup(file, "passphrase"));
  const again = await gabi.api.exportBackup(file, "passphrase");
  assert.equal(!again.ok && again.fault.code, "storage_failed");
  const busy = await gabi.api.importBackup(file, "passphrase");
  assert.equal(!busy.ok && busy.fault.code, "already_logged_in");
  await gabi.api.logOut();
  const known = await gabi.api.importBackup(file, "passphrase");
  assert.equal(!known.ok && known.fault.code, "name_taken");
  const nobody = await gabi.api.exportBackup(rig.at("other.papo"), "passphrase");
  assert.equal(!nobody.ok && nobody.fault.code, "login_required");
  assert.equal(must(await gabi.api.logIn({ username: named("gabi"), password: PASSWORD })), "gabi");
});
