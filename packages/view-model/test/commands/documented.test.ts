// Goal: docs/commands.md has every command once, under its topic, with all its names, and none that does not exist.
// Method: compare its rows with the table.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { catalogueOf, commandNamed, commandsOf } from "@papo/view-model";

const TEXTS = catalogueOf("en");
const PAGE = await readFile(new URL("../../../../docs/commands.md", import.meta.url), "utf8");

type Row = { readonly topic: string; readonly cells: readonly string[] };

function rowsOf(page: string): readonly Row[] {
  let topic = "";
  return page.split("\n").flatMap((line) => {
    if (line.startsWith("## ")) topic = line.slice(3);
    if (!line.startsWith("| `/")) return [];
    const cells = line.split(/(?<!\\)\|/u).slice(1, -1);
    return [{ topic, cells: cells.map((cell) => cell.trim().replaceAll("\\|", "|")) }];
  });
}

test("every command stands there once, as help has it, with all its names and where it works", () => {
  const commands = [...new Set((["room", "private", "menu"] as const).flatMap((kind) => commandsOf(kind, true)))];
  const rows = rowsOf(PAGE);
  assert.equal(rows.length, commands.length);
  for (const { id, names, topic, needs, worksIn, alsoInTabs } of commands) {
    const { usage, help } = TEXTS.commands[id];
    const [first] = usage.split(" ", 1);
    const found = rows.filter(({ cells }) => cells[0] === `\`${usage}\``);
    const others = names.filter((name) => name !== first).map((name) => `\`${name}\``);
    const places = worksIn.length === 3 ? "everywhere" : worksIn.join(", ");
    const where =
      needs === "tabs" ? "full screen" : alsoInTabs === undefined ? places : `${places}; full screen: everywhere`;
    const cells = [`\`${usage}\``, others.join(" "), help, where];
    assert.deepEqual(found, [{ topic: TEXTS.actions.helpTopics[topic], cells }], id);
  }
});

test("every command that the page speaks of exists", () => {
  for (const [, name = ""] of PAGE.matchAll(/`(\/[a-z_]+)[^`]*`/gu))
    assert.ok(name === "/text" || commandNamed(name) !== undefined, name);
});
