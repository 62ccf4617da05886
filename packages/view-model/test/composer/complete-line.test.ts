// Goal: Tab proposes what can stand there, the likeliest first, and what it puts into the line always is a line that could have been typed.
// Method: lines with the cursor at `|`; arbitrary lines and cursors over a context of awkward names.
import assert from "node:assert/strict";
import test from "node:test";
import { COMPLETIONS_MAX } from "@papo/protocol";
import {
  catalogueOf,
  type Completion,
  type CompletionContext,
  completeLine,
  LANGUAGES,
  readLine,
} from "@papo/view-model";
import fc from "fast-check";

const CONTEXT: CompletionContext = {
  kind: "room",
  hasTabs: true,
  texts: catalogueOf("en"),
  here: ["nori", "Ana", "nara", "José"],
  elsewhere: ["yuki", "noel"],
  ignored: ["eve"],
  banned: ["mallory"],
  rooms: ["TESTE", "sala de aula", "tea"],
  completePath: () => Promise.resolve(["notes.txt", "news/", ".hidden", "evil\u001b[2J"]),
};

async function at(marked: string, context: Partial<CompletionContext> = {}): Promise<Completion | undefined> {
  const cursor = marked.indexOf("|");
  return completeLine(marked.replace("|", ""), cursor, { ...CONTEXT, ...context });
}

/** The lines that Tab, pressed again and again, makes of this one. */
async function lines(marked: string, context: Partial<CompletionContext> = {}): Promise<readonly string[]> {
  const line = marked.replace("|", "");
  const completion = await at(marked, context);
  return (completion?.candidates ?? []).map(
    ({ text }) => `${line.slice(0, completion?.from)}${text}${line.slice(completion?.to)}`,
  );
}

test("a name, by who spoke last: a colon behind it where the line begins, else a blank", async () => {
  assert.deepEqual(await lines("n|"), ["nori: ", "nara: "]);
  assert.deepEqual(await lines("|"), ["nori: ", "Ana: ", "nara: ", "José: "]);
  assert.deepEqual(await lines("ask N|"), ["ask nori ", "ask nara "]);
  assert.deepEqual(await lines("ask jose|"), ["ask José "]);
  assert.deepEqual(await lines("@n|"), ["@nori ", "@nara "]);
  assert.deepEqual(await lines("ask n| about it"), ["ask nori about it", "ask nara about it"]);
  for (const line of ["ask |", "yuk|", "|".repeat(1), "nobody|"].filter((line) => line !== "|"))
    assert.deepEqual(await lines(line), [], line);
});

test("a room behind its sign, and an emoji by its name in either language", async () => {
  assert.deepEqual(await lines("see #te|"), ["see #TESTE ", "see #tea "]);
  assert.equal((await lines("see #|")).length, 3);
  assert.deepEqual(await lines("well :thumbsu|"), ["well 👍"]);
  assert.ok((await lines(":joinha|")).includes("👍"));
  assert.ok((await lines(":tada:|")).includes("🎉"));
  assert.deepEqual(await lines("it is 18:|"), []);
  assert.deepEqual(await lines(":|"), []);
  const [first] = (await at(":corac|", { texts: catalogueOf("pt-BR") }))?.candidates ?? [];
  assert.deepEqual(first, { text: "❤️", help: ":coracao:" });
});

test("a command by any of its names, its usage beside it; only what works here", async () => {
  assert.deepEqual(await lines("/unv|"), ["/unverify "]);
  assert.deepEqual(await lines("/desv|"), ["/desverificar "]);
  assert.deepEqual(await lines("/HIST|"), ["/history "]);
  assert.deepEqual(await lines("/reac|"), ["/react "]);
  const own = await lines("/re|");
  assert.ok(own.indexOf("/reply ") < own.indexOf("/reativar"), "names of the reader's language first");
  const [topic] = (await at("/topi|"))?.candidates ?? [];
  assert.match(topic?.help ?? "", /^\/topic \[TEXT\] — /u);
  assert.deepEqual(await lines("/deletar|"), ["/deletar_sala"], "it takes nothing, so nothing is waited for");
  assert.deepEqual(await lines("/topi|", { kind: "private" }), []);
  assert.deepEqual(await lines("/xyz|"), []);
  assert.ok((await lines("/|")).length > 20);
  assert.deepEqual(await lines("//kick|"), [], "that is a text which begins with a slash");
});

test("what a command takes is proposed for each of its arguments", async () => {
  assert.deepEqual(await lines("/kick n|"), ["/kick nori ", "/kick nara "]);
  assert.deepEqual(await lines("/expulsar @n|"), ["/expulsar @nori ", "/expulsar @nara "]);
  assert.deepEqual(await lines("/verify n|"), ["/verify nori ", "/verify nara ", "/verify noel "]);
  assert.deepEqual(await lines("/role nori m|"), ["/role nori moderator", "/role nori member"]);
  assert.deepEqual(await lines("/papel nori |", { texts: catalogueOf("pt-BR") }), [
    "/papel nori dono",
    "/papel nori moderador",
    "/papel nori membro",
  ]);
  assert.deepEqual(await lines("/role nori owner m|"), [], "there is no third one");
  assert.deepEqual(await lines("/receipts |"), ["/receipts on", "/receipts off"]);
  assert.deepEqual(await lines("/invites r|"), ["/invites revoke "]);
  assert.deepEqual(await lines("/forget sala de|"), ["/forget sala de aula"]);
  assert.deepEqual(await lines("/help kic|"), ["/help kick"]);
  assert.deepEqual(await lines("/help /kic|"), ["/help /kick"]);
  assert.deepEqual(await lines("/react thumbsu|"), ["/react 👍 "]);
  assert.deepEqual(await lines("/edit 2 hello n|"), ["/edit 2 hello nori ", "/edit 2 hello nara "]);
  assert.deepEqual(await lines("/edit hello n|"), ["/edit hello nori ", "/edit hello nara "]);
  assert.deepEqual(await lines("/keys n|"), [], "it takes nothing");
  assert.deepEqual(await lines("/nosuch n|"), []);
});

test("R1: a file by the last name of its path; hidden ones for who asks; no name that could do something to a terminal", async () => {
  assert.deepEqual(await lines("/export n|"), ["/export notes.txt", "/export news/"]);
  assert.deepEqual(await lines("/export some folder/ne|"), ["/export some folder/news/"]);
  assert.deepEqual(await lines("/export |"), ["/export notes.txt", "/export news/"]);
  assert.deepEqual(await lines("/export .h|"), ["/export .hidden"]);
  const many = Array.from({ length: 2_000 }, (_, index) => `file ${index}`);
  assert.equal((await lines("/export |", { completePath: () => Promise.resolve(many) })).length, COMPLETIONS_MAX);
});

test("whatever is typed, nothing throws; what is proposed fits in its place, and no command becomes chat by it", async () => {
  const words = fc.constantFrom(
    "/",
    "/ki",
    "/kick ",
    "/role nori ",
    "/export a/",
    ":sm",
    "#",
    "@",
    "nori",
    " ",
    "\n",
    "//",
    "é",
    "👍",
  );
  const typed = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.array(words).map((parts) => parts.join("")),
  );
  const names = fc.array(fc.string({ minLength: 1, unit: "grapheme" }), { maxLength: 5 });
  const property = fc.asyncProperty(typed, fc.nat(), names, async (line, place, here) => {
    for (const language of LANGUAGES) {
      const cursor = place % (line.length + 2);
      const completion = await completeLine(line, cursor, { ...CONTEXT, here, texts: catalogueOf(language) });
      if (completion === undefined) continue;
      const { from, to, candidates } = completion;
      assert.ok(from >= 0 && from <= to && to <= line.length && candidates.length > 0);
      for (const { text } of candidates) {
        assert.doesNotMatch(text, /\p{Cc}/u);
        const after = `${line.slice(0, from)}${text}${line.slice(to)}`;
        if (readLine(line).kind !== "chat" && line.trim() !== "") assert.notEqual(readLine(after).kind, "chat", after);
      }
    }
  });
  await fc.assert(property);
});
