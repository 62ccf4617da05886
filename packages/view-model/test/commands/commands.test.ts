// Goal: a command is understood in both languages, and a mistyped one never becomes chat.
// Method: every name and help text of the table; properties over arbitrary lines; a screen that notes what was asked.
import assert from "node:assert/strict";
import test from "node:test";
import {
  catalogueOf,
  commandNamed,
  type CommandScreen,
  commandsOf,
  LANGUAGES,
  readLine,
  runCommand,
  type ScreenKind,
  Shelf,
} from "@papo/view-model";
import fc from "fast-check";

const NOBODY = { keyChanges: () => [], contactRequests: () => [] };

class NotingScreen implements CommandScreen {
  readonly kind: ScreenKind;
  readonly conversation = null;
  readonly peer = NOBODY as unknown as CommandScreen["peer"];
  readonly texts = catalogueOf("en");
  readonly nowMs = 0;
  readonly tabs = null;
  readonly shelf = new Shelf();
  readonly done: string[] = [];
  constructor(kind: ScreenKind) {
    this.kind = kind;
  }
  show(): void {}
  succeeded(): void {}
  failed(): void {}
  failedBy(): void {}
  patiently<T>(work: Promise<T>): Promise<T> {
    return work;
  }
  async showQr(): Promise<void> {}
  saveFile() {
    return Promise.resolve({ ok: true, value: "" } as const);
  }
  showUsers(): void {
    this.done.push("users");
  }
  showHelp(about: string): void {
    this.done.push(`help ${about}`);
  }
  async deleteRoom(): Promise<void> {
    this.done.push("delete");
  }
  async leave(): Promise<void> {
    this.done.push("leave");
  }
  async back(): Promise<void> {
    this.done.push("back");
  }
  async decideKeyChange(name: string, decision: string): Promise<void> {
    this.done.push(`${decision} ${name}`);
  }
}

async function typedOn(kind: ScreenKind, line: string): Promise<string> {
  const screen = new NotingScreen(kind);
  const typed = readLine(line);
  if (typed.kind !== "command") return typed.kind;
  return (await runCommand(typed.command, typed.argument, screen)) ?? screen.done.join();
}

test("the report's commands and their other names, whatever the capitals and accents", async () => {
  for (const line of ["/users", "/usuarios", "/USUÁRIOS", "  /Users  "])
    assert.equal(await typedOn("room", line), "users");
  for (const line of ["/deletar_sala", "/delete_room"]) assert.equal(await typedOn("room", line), "delete");
  for (const line of ["/sair", "/leave", "/SAIR"]) assert.equal(await typedOn("private", line), "leave");
  for (const line of ["/voltar", "/back"]) assert.equal(await typedOn("room", line), "back");
  assert.equal(await typedOn("room", "/ajuda sair"), "help sair");
  assert.equal(await typedOn("menu", "/aceitar nori"), "accept nori");
  assert.equal(await typedOn("room", "/block nori"), "block nori");
});

test("a command out of place, or with words too many or too few, does nothing", async () => {
  assert.equal(await typedOn("private", "/deletar_sala"), "not-here");
  assert.equal(await typedOn("menu", "/sair"), "not-here");
  assert.equal(await typedOn("room", "/deletar_sala já"), "wrong-usage");
  assert.equal(await typedOn("room", "/deletar_sala\nsegunda linha"), "wrong-usage");
  assert.equal(await typedOn("room", "/aceitar"), "wrong-usage");
});

test("a mistyped command is not chat, and the nearest one is named", () => {
  const nearest = (line: string) => {
    const typed = readLine(line);
    return typed.kind === "unknown" ? typed.nearest : typed.kind;
  };
  assert.equal(nearest("/siar"), "/sair");
  assert.equal(nearest("/uesrs"), "/users");
  assert.equal(nearest("/delete"), "command", "which takes a message back");
  assert.equal(nearest("/delete_rom"), "/delete_room");
  assert.equal(nearest("/deletar"), "/deletar_sala");
  assert.equal(nearest("/volta"), "/voltar");
  assert.equal(nearest("/etc/passwd"), undefined);
  assert.equal(nearest("/"), undefined);
  assert.equal(nearest(`/${"x".repeat(30_000)}`), undefined);
});

test("two slashes send a text that begins with one", () => {
  assert.deepEqual(readLine("//sair"), { kind: "chat", text: "/sair" });
  assert.deepEqual(readLine("///"), { kind: "chat", text: "//" });
  assert.deepEqual(readLine(" olá / tudo bem "), { kind: "chat", text: " olá / tudo bem " });
  assert.deepEqual(readLine(" \t "), { kind: "nothing" });
});

test("no line whose first character is a single slash is ever chat", () => {
  const blanks = fc.constantFrom("", " ", "\t", "\n", "\u00a0", "\u3000");
  fc.assert(
    fc.property(blanks, fc.string({ unit: "grapheme" }), (before, rest) => {
      const typed = readLine(`${before}/${rest}`);
      assert.equal(typed.kind === "chat", rest.startsWith("/"));
    }),
  );
});

test("help in each language names commands as that language has them, and each name is understood", () => {
  for (const language of LANGUAGES) {
    const { commands } = catalogueOf(language);
    for (const screen of ["room", "private", "menu"] as const) {
      for (const command of commandsOf(screen, false)) {
        const [name = ""] = commands[command.id].usage.split(" ");
        assert.equal(commandNamed(name), command);
      }
    }
  }
});
