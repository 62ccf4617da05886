// Goal: while a command is typed its usage stands there, and says which argument comes next.
// Method: lines as they grow, the emphasised part in brackets.
import assert from "node:assert/strict";
import test from "node:test";
import { catalogueOf, usageHint } from "@papo/view-model";

const TEXTS = catalogueOf("en");

function hint(line: string): string | null {
  const spans = usageHint(line, TEXTS);
  if (spans === null) return null;
  const said = spans.map(({ text, tone }) => (tone === "emphasis" ? text.replace(/\S.*/u, "<$&>") : text)).join("");
  return said.split(" — ")[0] ?? "";
}

test("the argument at the cursor is emphasised", () => {
  assert.equal(hint("/role"), "/role NAME owner|moderator|member");
  assert.equal(hint("/role "), "/role <NAME> owner|moderator|member");
  assert.equal(hint("/role nori"), "/role <NAME> owner|moderator|member");
  assert.equal(hint("/role nori m"), "/role NAME <owner|moderator|member>");
  assert.equal(hint("/role nori member "), "/role NAME owner|moderator|member");
  assert.equal(hint("/edit 2"), "/edit <[NUMBER]> TEXT");
  assert.equal(hint("/edit 2 some text"), "/edit [NUMBER] <TEXT>");
  assert.equal(hint("/edit some text"), "/edit [NUMBER] <TEXT>");
  assert.equal(hint("/convites revoke 2"), "/convites <[revoke NUMBER]>");
});

test("of the name that was typed, with the help behind it; nothing for what is no command", () => {
  assert.equal(hint("  /Banir "), "/Banir <NAME>");
  assert.ok(usageHint("/ban nori", TEXTS)?.at(-1)?.text.endsWith(TEXTS.commands.ban.help));
  for (const line of ["", "ban", "/", "//ban", "/nosuch x"]) assert.equal(hint(line), null, line);
});
