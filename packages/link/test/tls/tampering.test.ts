// Goal: whoever sits between two ends can only end the connection: no changed, cut, repeated or reordered byte ever becomes
// a message, and no plaintext passes them.
// Method: real links through a proxy that spoils one thing per run, at steps through the whole connection. The ends'
// clock is virtual: where spoiling makes an end wait for bytes that never come, its time limit is made to pass.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "@papo/link/memory";
import { LinkRecorder } from "@papo/testing";
import { ALPN, RawClient, openRig } from "../support/tcp.ts";
import { type Tamper, type Way, openTamperingProxy, recordsOf } from "../support/tampering-proxy.ts";

const SECRET = "meet me behind the cathedral";
const hello = { cmd: "HELLO", username: "gabi-the-first", content: SECRET };
const answer = { cmd: "HELLO", username: "nori-the-second", content: SECRET };

type Run = { readonly heardThere: string[]; readonly heardHere: string[]; readonly passed: Record<Way, Buffer> };

const untouched: Tamper = (_way, chunk) => chunk;

/** One conversation through a proxy: each side says one thing; ends when both sides know that it is over. */
async function converse(tamper: Tamper): Promise<Run> {
  const clock = new VirtualClock();
  const there: LinkRecorder[] = [];
  let openSockets = 0;
  await using rig = await openRig(
    {
      admit: () => ++openSockets > 0,
      released: () => openSockets--,
      onLink(link) {
        const recorder = new LinkRecorder(() => link.sendJson(answer));
        there.push(recorder);
        link.start(recorder);
      },
    },
    clock,
  );
  await using proxy = await openTamperingProxy(rig.port, tamper);

  const here: LinkRecorder[] = [];
  let isOver = false;
  const dialling = rig.dial({ port: proxy.port, timeoutMs: 5_000 }).then(async (dialled) => {
    if (dialled.ok) {
      const link = dialled.value;
      const recorder = new LinkRecorder(() => void link.close({ code: "closed", detail: "heard" }));
      here.push(recorder);
      link.start(recorder);
      link.sendJson(hello);
      clock.after(20_000, () => link.destroy({ code: "dead", detail: "as keep-alive would" }));
      await recorder.ended();
    }
    isOver = true;
  });
  const isQuiet = (): boolean => isOver && openSockets === 0;
  if (tamper === untouched) await until(isQuiet);
  else await letTimePass(clock, isQuiet);
  await dialling;
  const passed = { up: Buffer.concat(proxy.passed.up), down: Buffer.concat(proxy.passed.down) };
  return { heardThere: there.flatMap(({ texts }) => texts), heardHere: here.flatMap(({ texts }) => texts), passed };
}

/** Whoever is not disturbed needs no limit: time stands still. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** Virtual time moves slower than the sockets, so that hardly an end but one that really waits sees its limit pass. */
async function letTimePass(clock: VirtualClock, isOver: () => boolean): Promise<void> {
  for (let turns = 1; !isOver(); turns++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (turns % 100 === 0) await clock.advance(500);
  }
}

const plain = await converse(untouched);

test("untouched, both sides hear each other", () => {
  assert.deepEqual(plain.heardThere, [JSON.stringify(hello)]);
  assert.deepEqual(plain.heardHere, [JSON.stringify(answer)]);
});

test("the bytes between two ends contain no text, name, command or protocol secret", () => {
  const seen = Buffer.concat([plain.passed.up, plain.passed.down]).toString("latin1");
  for (const secret of [SECRET, "gabi", "nori", "HELLO", "cmd", "content"]) {
    assert.equal(seen.includes(secret), false, secret);
  }
  assert.equal(seen.includes(ALPN), true, "the protocol's name is in the ClientHello, as TLS has it");
});

/** True texts or none: a spoiled connection may have been spoiled where it does not matter (an ignored version byte). */
function assertNothingForged({ heardThere, heardHere }: Run, where: string): void {
  assert.ok(["[]", JSON.stringify([JSON.stringify(hello)])].includes(JSON.stringify(heardThere)), where);
  assert.ok(["[]", JSON.stringify([JSON.stringify(answer)])].includes(JSON.stringify(heardHere)), where);
}

const STEP = 41;

for (const way of ["up", "down"] as const) {
  const length = plain.passed[way].length;

  test(`P1: a flipped bit ${way} is never heard`, async () => {
    for (let at = 0; at < length; at += STEP) {
      const run = await converse((direction, chunk, offset) => {
        const index = at - offset;
        if (direction !== way || index < 0 || index >= chunk.length) return chunk;
        const changed = Buffer.from(chunk);
        changed[index] = (changed[index] ?? 0) ^ (1 << (at % 8));
        return changed;
      });
      assertNothingForged(run, `byte ${at}`);
    }
  });

  test(`P1: a stream that is cut ${way} gives nothing that had not come whole`, async () => {
    for (let at = 0; at < length; at += STEP) {
      const run = await converse((direction, chunk, offset) => {
        if (direction !== way || offset + chunk.length <= at) return chunk;
        return at > offset ? chunk.subarray(0, at - offset) : null;
      });
      assertNothingForged(run, `cut at ${at}`);
    }
  });

  test(`P1: a record that is repeated, or followed by rubbish, ${way} is heard once at most`, async () => {
    const last = recordsOf(plain.passed[way]).length;
    for (const extra of ["repeat", "rubbish"] as const) {
      for (let wanted = 0; wanted < last; wanted++) {
        let seen = 0;
        const run = await converse((direction, chunk) => {
          if (direction !== way) return chunk;
          const out = recordsOf(chunk).flatMap((record) => {
            if (seen++ !== wanted) return [record];
            return [record, extra === "repeat" ? record : Buffer.from([0x17, 3, 3, 0, 32, ...new Uint8Array(32)])];
          });
          return Buffer.concat(out);
        });
        assertNothingForged(run, `${extra} record ${wanted}`);
      }
    }
  });
}

test("P1: a recorded connection that is played again makes no link", async () => {
  const clock = new VirtualClock();
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  await using rig = await openRig({ released: () => resolve() }, clock);
  const client = new RawClient(rig.port);
  client.write(plain.passed.up);
  await gone;
  assert.equal(rig.links.length, 0);
});
