// Goal: whoever starts Papo is in within a few keys, is told in place what went wrong, and no password stays behind.
// Method: a peer that answers what the test lays out; panels are handled as a screen handles them, by their letters and fields.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { KnownAccount, LogIn, SignIn } from "@papo/peer/api";
import { fail, type FaultCode, succeed, type Username } from "@papo/protocol";
import { LANGUAGES } from "@papo/view-model";
import { signIn } from "../../src/flows/sign-in.ts";
import type { SignedIn } from "../../src/flows/signing-in.ts";
import { user } from "../scripted-peer.ts";
import { FlowRig, settled } from "./flow-rig.ts";

const PASSWORD = "correct horse";

type Wanted = {
  readonly accounts?: readonly KnownAccount[];
  readonly resume?: FaultCode;
  readonly register?: FaultCode;
  readonly logIn?: (asked: LogIn) => FaultCode | undefined;
  readonly opensLast?: boolean;
  readonly language?: "en" | "pt-BR";
};

function known(name: string, more: Partial<KnownAccount> = {}): KnownAccount {
  return { username: user(name), tracker: "papo://127.0.0.1:6060", inUse: false, ...more };
}

/** Signs in with a peer that answers so; `asked` is what it was asked. */
async function starts({ accounts = [], resume, register, logIn, opensLast = true, language = "en" }: Wanted) {
  const asked: string[] = [];
  const answer = (code: FaultCode | undefined, name: Username) =>
    Promise.resolve(code === undefined ? succeed(name) : fail(code, "the test says so"));
  const rig = new FlowRig(
    {
      self: user("gabi"),
      knownAccounts: () => Promise.resolve(accounts),
      resume: (name) => (asked.push(`resume ${name}`), answer(resume, name)),
      register: ({ username, password }: SignIn) => (
        asked.push(`register ${username} ${password}`), answer(register, username)
      ),
      logIn: (account) => (
        asked.push(`log in ${account.username} ${account.password}${account.newIdentity === true ? " anew" : ""}`),
        answer(logIn?.(account), account.username)
      ),
      recover: ({ username, words }) => (asked.push(`recover ${username} ${words}`), answer(undefined, user(username))),
      importBackup: (file, passphrase) => (asked.push(`import ${file} ${passphrase}`), answer(undefined, user("gabi"))),
    },
    language,
  );
  let done: SignedIn | undefined;
  const { peer, texts, host: panels } = rig;
  const parts = { peer, texts, panels, opensLast, quit: () => rig.quit(), completePath: () => rig.completePath() };
  void signIn(parts).then((signedIn) => (done = signedIn));
  await settled();
  return { rig, asked, done: () => done };
}

test("the only account of this tracker opens without a question", async () => {
  const elsewhere = known("nori", { tracker: "papo://192.0.2.1:6060" });
  const { rig, asked, done } = await starts({ accounts: [known("gabi"), known("ana", { inUse: true }), elsewhere] });
  assert.deepEqual(asked, ["resume gabi"]);
  assert.equal(done()?.username, "gabi");
  assert.equal(rig.host.front, undefined);
});

test("of several accounts one is chosen by its digit, the one used last first", async () => {
  const { rig, asked, done } = await starts({ accounts: [known("nori"), known("gabi")] });
  assert.deepEqual(asked, []);
  assert.match(rig.shown(), /\[1\] Continue as nori[\s\S]*\[2\] Continue as gabi/u);
  await rig.chooses("2");
  assert.deepEqual([asked, done()?.username], [["resume gabi"], "gabi"]);
});

test("after logging out nobody is logged in by itself, and the account that was left is offered", async () => {
  const { rig, asked } = await starts({ accounts: [known("gabi", { inUse: true })], opensLast: false });
  assert.deepEqual(asked, []);
  assert.match(rig.shown(), /Continue as gabi/u);
});

test("an account whose key is refused is offered no more, and why is said", async () => {
  const { rig } = await starts({ accounts: [known("gabi")], resume: "identity_changed" });
  assert.match(rig.shown(), /no longer opens the account gabi/u);
  assert.doesNotMatch(rig.shown(), /Continue as gabi/u);
});

test("without a tracker it is said where none answers and what to do; the account can be tried again", async () => {
  const { rig } = await starts({ accounts: [known("gabi")], resume: "tracker_unreachable" });
  assert.match(rig.shown(), /No tracker answers at 127\.0\.0\.1:6060/u);
  assert.match(rig.shown(), /\[c\] Continue as gabi/u);
});

test("registering asks for the password twice and tells who will see the address", async () => {
  const { rig, asked, done } = await starts({});
  await rig.chooses("n");
  await rig.fills("gabi", PASSWORD, "something else");
  assert.deepEqual(asked, []);
  assert.match(rig.shown(), /not the same/u);
  assert.deepEqual(
    rig.form.fields.map(({ value }) => value),
    ["gabi", "", ""],
  );
  assert.equal(rig.form.current, 1);
  await rig.fills("gabi", PASSWORD, PASSWORD);
  assert.deepEqual(asked, [`register gabi ${PASSWORD}`]);
  assert.equal(done()?.isNew, true);
  assert.match(
    done()
      ?.lines.map(({ spans }) => spans[0]?.text)
      .join("\n") ?? "",
    /IP address/u,
  );
  assert.equal(rig.host.front, undefined);
});

test("the rules of names are told while one is typed", async () => {
  const { rig } = await starts({});
  await rig.chooses("n");
  for (const [typed, says] of [
    ["", /How others see/u],
    ["gabi", /can be chosen/u],
    ["ga bi", /no spaces/u],
    ["gаbi", /one alphabet/u],
  ] as const) {
    rig.form.setValue(0, typed);
    assert.match(rig.form.fields[0]?.help ?? "", says);
  }
});

test("a name that is taken is told at the name, and the form stays", async () => {
  const { rig, done } = await starts({ register: "name_taken" });
  await rig.chooses("n");
  await rig.fills("gabi", PASSWORD, PASSWORD);
  assert.match(rig.form.remark?.text ?? "", /already exists/u);
  assert.equal(rig.form.current, 0);
  assert.equal(done(), undefined);
});

test("while no tracker answers, what was typed stays: it is not to blame", async () => {
  const { rig, asked } = await starts({ register: "tracker_unreachable" });
  await rig.chooses("n");
  await rig.fills("gabi", PASSWORD, PASSWORD);
  assert.match(rig.form.remark?.text ?? "", /No tracker answers/u);
  void rig.form.submit();
  await settled();
  assert.deepEqual(asked, [`register gabi ${PASSWORD}`, `register gabi ${PASSWORD}`]);
});

test("a wrong password is told, and typed again from the start", async () => {
  const { rig } = await starts({ logIn: () => "invalid_credentials" });
  await rig.chooses("l");
  await rig.fills("gabi", PASSWORD);
  assert.equal(rig.form.remark?.tone, "bad");
  assert.deepEqual(
    rig.form.fields.map(({ value }) => value),
    ["gabi", ""],
  );
});

test("an account whose key is elsewhere: back, words, or a new identity after a warning", async () => {
  const needsKey = ({ newIdentity }: LogIn) => (newIdentity === true ? undefined : "identity_required");
  const { rig, asked, done } = await starts({ logIn: needsKey });
  await rig.chooses("l");
  await rig.fills("gabi", PASSWORD);
  assert.match(rig.shown(), /on another device/u);
  rig.front.dismiss?.();
  await settled();
  assert.match(rig.form.remark?.text ?? "", /key that is not on this device/u);

  await rig.fills("gabi", PASSWORD);
  await rig.chooses("n");
  assert.match(rig.shown(), /Everyone who knows you/u);
  await rig.chooses("n");
  assert.equal(asked.length, 2, "a no starts nothing");
  await rig.chooses("n");
  await rig.chooses("y");
  assert.equal(asked.at(-1), `log in gabi ${PASSWORD} anew`);
  assert.equal(done()?.username, "gabi");
  assert.equal(rig.host.front, undefined);
});

test("the 24 words lead back, from the question about the key as well", async () => {
  const { rig, asked, done } = await starts({ logIn: () => "identity_required" });
  await rig.chooses("l");
  await rig.fills("gabi", PASSWORD);
  await rig.chooses("w");
  assert.equal(rig.form.fields[0]?.value, "gabi");
  rig.form.setValue(1, "one two  three");
  assert.match(rig.form.fields[1]?.help ?? "", /^3 of 24/u);
  assert.doesNotMatch(rig.shown(), /one two/u);
  await rig.fills("gabi", "one two  three");
  assert.equal(asked.at(-1), "recover gabi one two  three");
  assert.equal(done()?.username, "gabi");
  assert.equal(rig.host.front, undefined);
});

test("a backup's path is completed as far as it is clear", async () => {
  const { rig, asked, done } = await starts({});
  await rig.chooses("b");
  rig.form.setValue(0, "/media/ba");
  assert.equal(await rig.form.complete(), true);
  assert.equal(rig.form.fields[0]?.value, "/media/backup");
  assert.match(rig.form.fields[0]?.help ?? "", /backup\.papo {2}backups\//u);
  await rig.fills("/media/backup.papo", PASSWORD);
  assert.deepEqual(asked, [`import /media/backup.papo ${PASSWORD}`]);
  assert.equal(done()?.username, "gabi");
});

test("what was typed is forgotten when a form goes", async () => {
  const { rig } = await starts({});
  await rig.chooses("n");
  const { form } = rig;
  form.setValue(1, PASSWORD);
  form.dismiss?.();
  assert.deepEqual(
    form.fields.map(({ value }) => value),
    ["", "", ""],
  );
});

for (const language of LANGUAGES) {
  test(`${language}: every choice has its own letter`, async () => {
    const { rig } = await starts({ language, accounts: [known("gabi"), known("nori")] });
    const { front } = rig;
    assert.ok(front.kind === "choice");
    const keys = front.choices.map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length);
    assert.ok(keys.every((key) => /^[a-z0-9]$/u.test(key)));
    assert.equal(front.dismiss, undefined);
  });
}
