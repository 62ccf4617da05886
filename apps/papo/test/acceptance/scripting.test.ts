// Goal: scripts say and hear things through a Papo that runs, or without one; hostile texts stay data; the bot of the documents works.
// Method: real processes on a real tracker: classic screens through pipes, `papo send`, `papo tail`, `papo socket`, and the code block of docs/embed.md.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { Program, type RunningTracker, startPapo, startTrackerProgram, TemporaryHome } from "@papo/testing";
import { catalogueOf } from "@papo/view-model";

const { classic, papo: texts } = catalogueOf("en");
const HOSTILE = "um\u001b[2Jdois\u202etrês\u0085quatro\u2028cinco";

class Village {
  readonly home: TemporaryHome;
  readonly tracker: RunningTracker;
  readonly #programs: AsyncDisposableStack;

  constructor(home: TemporaryHome, tracker: RunningTracker, programs: AsyncDisposableStack) {
    this.home = home;
    this.tracker = tracker;
    this.#programs = programs;
  }

  papo(name: string, args: readonly string[]): Program {
    const where = ["--profile", this.home.at(name), "--lang", "en"];
    return this.#programs.use(startPapo([...args, ...where], { home: this.home, name: `${name}: ${args.join(" ")}` }));
  }

  /** On the classic screens, registered and in the room TESTE, which the first one makes. */
  async enter(name: string, how: "make" | "join"): Promise<Program> {
    const program = this.papo(name, ["--classic", "--no-lan", "--tracker", this.tracker.address]);
    await program.out.see(classic.choose);
    for (const line of ["2", name, "segredo", how === "make" ? "3" : "4", "TESTE"]) program.type(`${line}\n`);
    await program.out.see(/=+ .*TESTE =+/);
    return program;
  }

  async run(
    name: string,
    args: readonly string[],
    input?: string | Buffer,
  ): Promise<{ code: number | null; out: string; err: string }> {
    const program = this.papo(name, args);
    if (input !== undefined) program.type(input);
    program.endInput();
    const { code } = await program.ended;
    return { code, out: program.out.text, err: program.err.text };
  }
}

async function village(use: (village: Village) => Promise<void>): Promise<void> {
  using home = new TemporaryHome();
  await using programs = new AsyncDisposableStack();
  const tracker = await startTrackerProgram(["--store", "memory"], { home });
  programs.use(tracker.program);
  await use(new Village(home, tracker, programs));
}

test("R12: a script says things through the Papo that runs, and hears what is said, exactly", () =>
  village(async (world) => {
    const gabi = await world.enter("gabi", "make");
    const nori = await world.enter("nori", "join");
    await gabi.out.see(/P2P[^\]]*\] nori /);

    const heard = world.papo("gabi", ["tail", "TESTE"]);
    const events = world.papo("gabi", ["tail", "--json"]);
    assert.deepEqual(await world.run("gabi", ["send", "teste", "oi", "de", "um", "script"]), {
      code: 0,
      out: "",
      err: "",
    });
    await nori.out.see("<gabi> oi de um script");
    await heard.out.see(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d #TESTE <gabi> oi de um script$/m);

    // R12: a text that a terminal would obey is shown on a screen as what it is, and in JSON escaped and exact.
    assert.equal((await world.run("nori", ["send", "#TESTE", "-"], `${HOSTILE}\n`)).code, 0);
    await heard.out.see(/<nori> um␛\[2Jdois/);
    const [line] = await events.out.see(/^.*"message".*quatro.*$/m);
    assert.match(line, /^[\x20-\x7e\u00a0-\u{10ffff}]*$/u);
    for (const escape of ["\\u001b", "\\u202e", "\\u0085", "\\u2028"]) assert.ok(line.includes(escape), escape);
    const told = JSON.parse(line) as { readonly in: string; readonly message: { readonly content: string } };
    assert.deepEqual([told.in, told.message.content], ["#TESTE", HOSTILE]);

    for (const program of [heard, events]) program.signal("SIGTERM");
    assert.deepEqual([(await heard.ended).code, (await events.ended).code], [0, 0]);
  }));

test("what is wrong with a line for a script is said, with an exit code, and nothing is sent", () =>
  village(async (world) => {
    const nobody = await world.run("gabi", ["socket"]);
    assert.deepEqual([nobody.code, nobody.err.trim()], [1, texts.script.notRunning]);
    await world.enter("gabi", "make");
    assert.equal((await world.run("gabi", ["send"])).code, 2);
    assert.equal((await world.run("gabi", ["send", "TESTE"], " \n")).code, 2);
    assert.equal((await world.run("gabi", ["send", "TESTE"], "x".repeat(40_000))).code, 2);
    const latin = await world.run("gabi", ["send", "TESTE"], Buffer.from("amanhã", "latin1"));
    assert.deepEqual([latin.code, latin.err.trim()], [2, texts.script.notUtf8]);
    const elsewhere = await world.run("gabi", ["send", "OUTRA", "oi"]);
    assert.equal(elsewhere.code, 1);
    assert.notEqual(elsewhere.err, "");
  }));

test("with no Papo running, what a script says is kept and gets there later", () =>
  village(async (world) => {
    const gabi = await world.enter("gabi", "make");
    const nori = await world.enter("nori", "join");
    await gabi.out.see(/P2P[^\]]*\] nori /);
    for (const program of [gabi, nori]) {
      program.endInput();
      await program.ended;
    }
    const sent = await world.run("gabi", ["send", "--no-lan", "TESTE", "até logo"]);
    assert.deepEqual([sent.code, sent.err.trim()], [0, texts.script.kept]);

    const tail = world.papo("nori", ["tail", "--no-lan", "TESTE"]);
    const again = world.papo("gabi", ["tail", "--no-lan", "--lines", "0"]);
    await tail.out.see("<gabi> até logo");
    // It is a Papo of its own, and others find it.
    assert.equal((await world.run("nori", ["send", "TESTE", "oi"])).code, 0);
    await again.out.see("<nori> oi");
  }));

test("the bot of the documents answers through a Papo that runs", () =>
  village(async (world) => {
    const gabi = await world.enter("gabi", "make");
    const nori = await world.enter("nori", "join");
    await gabi.out.see(/P2P[^\]]*\] nori /);
    const [, code] =
      /```js\n([\s\S]*?)```/.exec(readFileSync(new URL("../../../../docs/embed.md", import.meta.url), "utf8")) ?? [];
    assert.ok(code !== undefined);
    const file = world.home.at("bot.mjs");
    await writeFile(file, code);
    const { out } = await world.run("gabi", ["socket"]);
    await using bot = new Program(process.execPath, [file, out.trim()], {
      env: world.home.environment({}),
      cwd: world.home.path,
    });
    await bot.out.see("listening");
    nori.type("!ping\n");
    await nori.out.see("<gabi> pong");
    assert.ok(bot.isRunning);
  }));

test("whatever a program writes to the socket, it gets an answer or its end, and the others go on", () =>
  village(async (world) => {
    const gabi = await world.enter("gabi", "make");
    const { out } = await world.run("gabi", ["socket"]);
    const ask = async (
      lines: readonly string[],
    ): Promise<readonly { id: unknown; error?: { code: number }; result?: unknown }[]> => {
      const socket = connect(out.trim());
      for (const line of lines) socket.write(`${line}\n`);
      const answers: { id: unknown; error?: { code: number }; result?: unknown }[] = [];
      for await (const line of createInterface({ input: socket })) {
        answers.push(JSON.parse(line) as { id: unknown });
        if (answers.length === lines.length) break;
      }
      socket.destroy();
      return answers;
    };
    const request = (method: string, params: unknown): string =>
      JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const answers = await ask([
      "{",
      "[]",
      '{"jsonrpc":"2.0","id":1,"id":1,"method":"self"}',
      request("logOut", {}),
      request("__proto__", {}),
      request("send", { to: "#TESTE" }),
      request("send", { to: { kind: "room", id: "../../etc" }, text: "x" }),
      request("history", { of: "#TESTE", before: "not a cursor" }),
      request("self", {}),
    ]);
    assert.deepEqual(
      answers.map(({ error }) => error?.code ?? 0).toSorted((one, other) => one - other),
      [-32_700, -32_602, -32_602, -32_601, -32_601, -32_600, -32_600, -32_000, 0],
    );
    assert.equal(JSON.stringify(answers).includes("etc"), false);
    const huge = connect(out.trim());
    huge.on("error", () => {});
    huge.resume();
    huge.write("x".repeat(300_000));
    await new Promise((resolve) => huge.once("close", resolve));
    // As `nc -N` does it: all is said, and the answers are still waited for.
    const piped = connect({ path: out.trim(), allowHalfOpen: true });
    piped.end([request("self", {}), request("rooms", {})].join("\n"));
    const methods: string[] = [];
    for await (const line of createInterface({ input: piped })) methods.push(line);
    assert.equal(methods.length, 2);
    assert.ok(methods.some((line) => line.includes('"username":"gabi"')));
    gabi.type("/help\n");
    await gabi.out.see("/users");
  }));
