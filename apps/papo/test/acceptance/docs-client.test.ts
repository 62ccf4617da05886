// Goal: docs/protocol suffices: who follows these pages with TLS, Ed25519, SHA-256 and JSON alone logs in, joins and chats.
// Method: the second implementation in docs-client.ts against the real tracker process and a real `papo --classic`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Program, startPapo, startTrackerProgram, TemporaryHome } from "@papo/testing";
import { catalogueOf } from "@papo/view-model";
import { DocsClient } from "./docs-client.ts";

const { classic, feed } = catalogueOf("en");

test("the second implementation imports nothing but node:tls and node:crypto", () => {
  const source = readFileSync(new URL("docs-client.ts", import.meta.url), "utf8");
  const imports = [...source.matchAll(/^(?:import|export) [^;]*? from "(.+)";$/gmu)].map(([, from]) => from);
  assert.deepEqual(imports, ["node:crypto", "node:tls"]);
});

for (const dials of [true, false]) {
  test(`a client made from the pages logs in, joins and chats (${dials ? "it dials" : "it is dialled"})`, async () => {
    using home = new TemporaryHome();
    const { program, host, port, address } = await startTrackerProgram(["--store", "memory"], { home });
    await using _program = program;
    await using gabi = startPapo(["--classic", "--tracker", address, "--profile", home.at("gabi")], { home });
    gabi.type("2\ngabi\nsegredo\n3\nTESTE\n");
    await gabi.out.see(classic.roomHeader("TESTE"));

    using docs = new DocsClient("docs", address.split("#k=")[1] ?? "");
    await docs.register({ host, port }, "outro segredo");
    const { id, others } = await docs.join("TESTE");
    const [member] = others;
    assert.ok(member);
    assert.equal(member.username, "gabi");
    if (dials) await docs.dial(member);
    await docs.called();
    await gabi.out.see(feed.joined("docs"));

    await docs.say(id, "written from the pages");
    await gabi.out.see("<docs> written from the pages");
    await docs.say(null, "and in private");
    await gabi.out.see(`${feed.privateFrom("docs")} and in private`);

    gabi.type("read on the other side\n");
    const message = await docs.heard();
    assert.deepEqual([message["room"], message["content"]], [id, "read on the other side"]);
    await untilDelivered(gabi);

    await docs.close();
    await gabi.out.see(feed.unlinked("docs"));
    gabi.endInput();
    assert.equal((await gabi.endWithin()).code, 0);
  });
}

/** The screen tells how a message fared when it is asked; it is asked until the confirmation has arrived. */
async function untilDelivered(program: Program): Promise<void> {
  for (;;) {
    program.type("/users\n");
    const [, received] = await program.out.expect(/was received by (\d) of 1\./u);
    if (received === "1") return;
  }
}
