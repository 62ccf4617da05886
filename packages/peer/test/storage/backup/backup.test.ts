// Goal: a backup is whole or it is nothing: what was changed, cut, moved or added anywhere, or comes with another passphrase, is one and the same refusal, and
// until the last byte was verified nothing counts. And what is whole comes back byte for byte, in bounded memory.
// Method: small and large backups through arbitrary pieces, each byte flipped and each length cut; a quick key in place of argon2id, and the golden example of
// docs/protocol/backup.md (made by a second implementation) with the real one.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Random } from "@papo/link";
import { BACKUP_ARGON2_MEMORY_KIB_MAX, BACKUP_CHUNK_BYTES, type Outcome, fail, succeed } from "@papo/protocol";
import fc from "fast-check";
import { readBackup, wholeOf, writeBackup } from "../../../src/storage/backup/backup.ts";
import type { BackupPart, TakePart } from "../../../src/storage/backup/parts.ts";
import type { DeriveKey } from "../../../src/storage/backup/passphrase-key.ts";
import { expectOk } from "../../world-fixture.ts";

const derive: DeriveKey = (passphrase, { salt, memoryKib, passes }) => {
  const digest = createHash("sha256")
    .update(JSON.stringify([passphrase, [...salt], memoryKib, passes]))
    .digest();
  return Promise.resolve(digest);
};
const random: Random = {
  bytes: (count) => Buffer.from(Array.from({ length: count }, (_, at) => at)),
  fraction: () => 0,
};
const PASS = "correct horse battery staple";

type Contents = readonly (readonly [name: string, content: Uint8Array])[];

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function written(contents: Contents, size = BACKUP_CHUNK_BYTES, passphrase = PASS): Promise<Buffer> {
  const parts = contents.map(([name, content]): BackupPart => ({ name, content: inPieces(content, size) }));
  const pieces: Uint8Array[] = [];
  for await (const piece of writeBackup(parts, passphrase, { derive, random })) pieces.push(piece);
  return Buffer.concat(pieces);
}

type Read = { readonly outcome: Outcome<number>; readonly contents: Contents };

async function read(bytes: Uint8Array, passphrase = PASS, size = BACKUP_CHUNK_BYTES): Promise<Read> {
  const contents: (readonly [string, Uint8Array])[] = [];
  const take: TakePart = async ({ name, content }) => {
    contents.push([name, await wholeOf(content, 10_000_000)]);
    return succeed(name);
  };
  return { outcome: await readBackup(inPieces(bytes, size), passphrase, take, { derive }), contents };
}

const UNREADABLE = {
  ok: false,
  fault: { code: "backup_unreadable", detail: "expected a whole backup and its passphrase" },
};

const small: Contents = [
  ["account.json", Buffer.from('{"v":1}')],
  ["pins.json", Buffer.from("the pins")],
  ["empty", Buffer.alloc(0)],
];

function plain(contents: Contents): readonly (readonly [string, string])[] {
  return contents.map(([name, content]) => [name, Buffer.from(content).toString("base64")]);
}

test("the example of the specification is read, with the passphrase's own argon2id, and written the same", async () => {
  const page = readFileSync(new URL("../../../../../docs/protocol/backup.md", import.meta.url), "utf8");
  const hex = /```\n(?<hex>[0-9a-f\n]+)```/u.exec(page)?.groups?.["hex"]?.replaceAll("\n", "") ?? "";
  const bytes = Buffer.from(hex, "hex");
  const taken: string[] = [];
  const outcome = await readBackup(inPieces(bytes, 7), PASS, async ({ name, content }) => {
    taken.push(name, String(await wholeOf(content, 100)));
    return succeed(name);
  });
  assert.deepEqual([expectOk(outcome), ...taken], [1, "hello", "world"]);

  const pieces: Uint8Array[] = [];
  const parts = [{ name: "hello", content: inPieces(Buffer.from("world"), 5) }];
  for await (const piece of writeBackup(parts, PASS, { random })) pieces.push(piece);
  assert.equal(Buffer.concat(pieces).toString("hex"), hex);
});

test("what was written is read back, whatever the pieces that it travels in", async () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,8}$/u);
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 50 }),
    fc.nat(3 * BACKUP_CHUNK_BYTES).map((length) => new Uint8Array(length).fill(7)),
  );
  const contents = fc.uniqueArray(fc.tuple(name, content), { maxLength: 5, selector: ([one]) => one });
  const size = fc.integer({ min: 1_000, max: 200_000 });
  await fc.assert(
    fc.asyncProperty(contents, size, size, async (parts, writing, reading) => {
      const { outcome, contents: back } = await read(await written(parts, writing), PASS, reading);
      assert.equal(expectOk(outcome), parts.length);
      assert.deepEqual(plain(back), plain(parts));
    }),
    { numRuns: 60 },
  );
});

test("contents that end just at, before and behind the edge of a chunk come back", async () => {
  const rest = (await written([["a", Buffer.alloc(1)]])).length - 40 - 16 - 1;
  for (const length of [-1, 0, 1].map((more) => BACKUP_CHUNK_BYTES - rest + more)) {
    for (const parts of [
      [["a", Buffer.alloc(length, 1)]],
      [
        ["a", Buffer.alloc(length, 1)],
        ["b", Buffer.alloc(BACKUP_CHUNK_BYTES)],
      ],
    ]) {
      const { outcome, contents } = await read(await written(parts as unknown as Contents));
      assert.equal(expectOk(outcome), parts.length);
      assert.deepEqual(plain(contents), plain(parts as unknown as Contents));
    }
  }
});

test("S1: a small backup with any byte flipped, cut at any length, or longer, is refused, always with the same words", async () => {
  const bytes = await written(small);
  for (let at = 0; at < bytes.length; at += 1) {
    for (const bit of [0x01, 0x80, 0xff]) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ bit;
      assert.deepEqual((await read(flipped)).outcome, UNREADABLE, `byte ${at} ^ ${bit}`);
    }
    assert.deepEqual((await read(bytes.subarray(0, at))).outcome, UNREADABLE, `cut at ${at}`);
  }
  for (const more of [Buffer.alloc(1), Buffer.alloc(17), bytes])
    assert.deepEqual((await read(Buffer.concat([bytes, more]))).outcome, UNREADABLE);
});

test("S1: chunks that are left out, moved, doubled, cut between or taken from another backup are refused", async () => {
  const content = (fill: number): Contents => [["history", Buffer.alloc(3.5 * BACKUP_CHUNK_BYTES, fill)]];
  const [bytes, other] = [await written(content(1)), await written(content(1), BACKUP_CHUNK_BYTES, "another")];
  const sealed = BACKUP_CHUNK_BYTES + 16;
  const chunks = (of: Buffer): Buffer[] =>
    Array.from({ length: 4 }, (_, index) => of.subarray(40 + index * sealed, 40 + (index + 1) * sealed));
  const [first, second, third, last] = chunks(bytes) as [Buffer, Buffer, Buffer, Buffer];
  const header = bytes.subarray(0, 40);
  const again = Buffer.concat([header, first, second, third, last]);
  assert.ok((await read(again)).outcome.ok);
  const broken = {
    "no end": [first, second, third],
    "one less": [first, third, last],
    moved: [second, first, third, last],
    doubled: [first, first, second, third, last],
    "the end twice": [first, second, third, last, last],
    "only the end": [last],
    foreign: [chunks(other)[0] as Buffer, second, third, last],
  };
  for (const [what, parts] of Object.entries(broken))
    assert.deepEqual((await read(Buffer.concat([header, ...parts]))).outcome, UNREADABLE, what);
});

test("S7: a wrong passphrase a hundred times is the same refusal, and nothing is handed over", async () => {
  const bytes = await written(small);
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { outcome, contents } = await read(bytes, `wrong ${attempt}`);
    assert.deepEqual(outcome, UNREADABLE);
    assert.deepEqual(contents, []);
  }
  assert.ok((await read(bytes)).outcome.ok);
});

test("a passphrase is what it reads as, however its letters are composed; an empty one protects nothing", async () => {
  const bytes: Uint8Array[] = [];
  for await (const piece of writeBackup([], "maçã".normalize("NFC"))) bytes.push(piece);
  const source = (): AsyncIterable<Uint8Array> => inPieces(Buffer.concat(bytes), 1_000);
  const take: TakePart = () => Promise.resolve(succeed(""));
  expectOk(await readBackup(source(), "maçã".normalize("NFD"), take));
  const refused = await readBackup(source(), "maca", take);
  assert.deepEqual(refused, UNREADABLE);
  await assert.rejects(() => writeBackup([], "", { derive }).next(), TypeError);
});

test("a header that asks for more than may be asked is refused before any work is done", async () => {
  const bytes = await written(small);
  const asks = [0, 7, BACKUP_ARGON2_MEMORY_KIB_MAX + 1, 0xffff_ffff];
  for (const [at, value] of [...asks.map((memory) => [16, memory] as const), [20, 0] as const, [20, 17] as const]) {
    const greedy = Buffer.from(bytes);
    greedy.writeUInt32BE(value, at);
    const outcome = await readBackup(inPieces(greedy, 100), PASS, () => Promise.resolve(succeed("")), {
      derive: () => assert.fail("work was done"),
    });
    assert.deepEqual(outcome, UNREADABLE);
  }
});

test("I15: any bytes are refused, and nothing throws", async () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const header = (await written([])).subarray(0, 40);
  await fc.assert(
    fc.asyncProperty(bytes, fc.boolean(), async (body, isHeaded) => {
      const { outcome } = await read(isHeaded ? Buffer.concat([header, body]) : body);
      assert.deepEqual(outcome, UNREADABLE);
    }),
  );
});

test("parts that are not wanted are skipped, and one that cannot be kept ends the reading with its own reason", async () => {
  const contents: Contents = [
    ["big", Buffer.alloc(200_000)],
    ["last", Buffer.from("read")],
  ];
  const bytes = await written(contents);
  const seen: string[] = [];
  const outcome = await readBackup(
    inPieces(bytes, 10_000),
    PASS,
    async ({ name, content }) => {
      if (name === "last") seen.push(String(await wholeOf(content, 10)));
      else for await (const piece of content) if (piece.length > 0) break;
      return succeed(name);
    },
    { derive },
  );
  assert.deepEqual([expectOk(outcome), ...seen], [2, "read"]);

  const full = fail("storage_failed", "no space");
  assert.deepEqual(await readBackup(inPieces(bytes, 10_000), PASS, () => Promise.resolve(full), { derive }), full);
  const swallowed = await readBackup(
    inPieces(bytes.subarray(0, 100_000), 10_000),
    PASS,
    async ({ name, content }) => {
      await wholeOf(content, 1_000_000).catch(() => undefined);
      return succeed(name);
    },
    { derive },
  );
  assert.deepEqual(swallowed, UNREADABLE, "even if who takes it does not look");
  const small = await readBackup(
    inPieces(bytes, 10_000),
    PASS,
    async ({ name, content }) => succeed([name, await wholeOf(content, 100)]),
    { derive },
  );
  assert.deepEqual(small, UNREADABLE, "longer than it may be");
});

test("I11: a long history passes through in pieces: no more than a few chunks are held, at either end", async () => {
  let [produced, consumed, ahead] = [0, 0, 0];
  async function* history(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let piece = 0; piece < 400; piece += 1) {
      produced += 100_000;
      ahead = Math.max(ahead, produced - consumed);
      yield Buffer.alloc(100_000, piece);
    }
  }
  const backup = writeBackup([{ name: "history", content: history() }], PASS, { derive, random });
  const outcome = await readBackup(
    backup,
    PASS,
    async ({ name, content }) => {
      for await (const piece of content) consumed += piece.length;
      return succeed(name);
    },
    { derive },
  );
  assert.ok(outcome.ok);
  assert.equal(consumed, 40_000_000);
  assert.ok(ahead <= 4 * BACKUP_CHUNK_BYTES + 100_000, `${ahead} bytes ahead`);
});

test("names that could be taken for paths, or twice for one, are our own mistake", async () => {
  for (const names of [["../x"], ["A"], [""], [".ssh"], ["a", "a"], ["x".repeat(65)], ["a/b"]]) {
    const contents = names.map((name) => [name, Buffer.alloc(1)] as const);
    await assert.rejects(written(contents), TypeError, names.join());
  }
});
