// Goal: programs of one user exchange lines, in any cut, and neither a dead program's socket nor a reader who does not read harms anybody.
// Method: real sockets in a temporary folder.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { statSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { connectLocally, type LineStream, listenLocally, localSocketPath } from "../../src/index.ts";

const OPTIONS = { lineBytesMax: 64, backlogCharsMax: 1_000_000 };

async function socketPath(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "papo-local-"));
  t.after(() => rm(folder, { recursive: true }));
  return join(folder, "api.sock");
}

async function pair(t: TestContext, options = OPTIONS): Promise<{ path: string; here: LineStream; there: LineStream }> {
  const path = await socketPath(t);
  const accepted = Promise.withResolvers<LineStream>();
  const listening = await listenLocally(path, options, (stream) => accepted.resolve(stream));
  assert.ok(listening.ok);
  t.after(() => listening.value.close());
  const connected = await connectLocally(path, options);
  assert.ok(connected.ok);
  return { path, here: connected.value, there: await accepted.promise };
}

test("lines arrive whole, both ways, whatever was said before anybody listened", async (t) => {
  const { here, there } = await pair(t);
  here.write("olá");
  here.write("");
  here.write("日本");
  const heard = Promise.withResolvers<readonly string[]>();
  const lines: string[] = [];
  there.listen({
    line: (line) => {
      lines.push(line);
      if (lines.length === 3) heard.resolve(lines);
    },
    unreadable: () => {},
  });
  assert.deepEqual(await heard.promise, ["olá", "", "日本"]);
  const back = Promise.withResolvers<string>();
  here.listen({ line: back.resolve, unreadable: () => {} });
  there.write("oi");
  assert.equal(await back.promise, "oi");
});

test("a line that comes byte by byte is one line", async (t) => {
  const path = await socketPath(t);
  const heard = Promise.withResolvers<string>();
  const listening = await listenLocally(path, OPTIONS, (stream) =>
    stream.listen({ line: heard.resolve, unreadable: () => {} }),
  );
  assert.ok(listening.ok);
  t.after(() => listening.value.close());
  const socket = createConnection(path);
  for (const byte of Buffer.from("ação\n")) socket.write(Buffer.from([byte]));
  assert.equal(await heard.promise, "ação");
  socket.destroy();
});

test("T1: after a line that is too long nothing is read, its stream can be ended with a word, and nobody else's is", async (t) => {
  const { path, here, there } = await pair(t);
  there.listen({
    line: () => assert.fail("it was taken"),
    unreadable: (why) => {
      there.write(why);
      there.end();
    },
  });
  const heard = Promise.withResolvers<string>();
  here.listen({ line: heard.resolve, unreadable: () => {} });
  here.write("x".repeat(OPTIONS.lineBytesMax + 1));
  here.write("behind it");
  assert.equal(await heard.promise, "frame_too_large");
  await Promise.all([here.closed, there.closed]);
  const another = await connectLocally(path, OPTIONS);
  assert.ok(another.ok);
  another.value.close();
});

test("T12: a line that is no UTF-8 is told of and left out, and the next one is read", async (t) => {
  const { path, heard } = await listening(t);
  const socket = createConnection(path);
  socket.end(Buffer.concat([Buffer.from([0xc0, 0xaf, 10]), Buffer.from("ação\n"), Buffer.from([0xff, 10])]));
  assert.deepEqual(await heard, ["(bad_text)", "ação", "(bad_text)", "(ended)"]);
});

test("who has said all can still read; a last line needs no end", async (t) => {
  const path = await socketPath(t);
  const opened = await listenLocally(path, OPTIONS, (stream) => {
    const lines: string[] = [];
    stream.listen({
      line: (line) => void lines.push(line),
      unreadable: () => {},
      ended: () => {
        for (const line of lines) stream.write(`answer to ${line}`);
        stream.end();
      },
    });
  });
  assert.ok(opened.ok);
  t.after(() => opened.value.close());
  const socket = createConnection({ path, allowHalfOpen: true });
  socket.end("one\ntwo");
  assert.equal(await textOf(socket), "answer to one\nanswer to two\n");
});

test("what comes after a pause waits, its end as well, and nothing of it is lost or read twice", async (t) => {
  const path = await socketPath(t);
  const count = 5_000;
  const heard: string[] = [];
  const over = Promise.withResolvers<void>();
  const opened = await listenLocally(path, OPTIONS, (stream) => {
    let taken = 0;
    stream.listen({
      line: (line) => {
        heard.push(line);
        taken += 1;
        assert.ok(taken <= 3, "it was read on");
        if (taken < 3) return;
        stream.pause();
        setImmediate(() => {
          taken = 0;
          stream.resume();
        });
      },
      unreadable: () => assert.fail("it was taken"),
      ended: () => over.resolve(),
    });
  });
  assert.ok(opened.ok);
  t.after(() => opened.value.close());
  const lines = Array.from({ length: count }, (_, at) => `line ${at}`);
  createConnection(path).end(lines.join("\n"));
  await over.promise;
  assert.deepEqual(heard, lines);
});

/** Who listens at a place, and what they have heard of the first who came when that one has said all. */
async function listening(t: TestContext): Promise<{ path: string; heard: Promise<readonly string[]> }> {
  const path = await socketPath(t);
  const heard = Promise.withResolvers<readonly string[]>();
  const lines: string[] = [];
  const opened = await listenLocally(path, OPTIONS, (stream) =>
    stream.listen({
      line: (line) => void lines.push(line),
      unreadable: (why) => void lines.push(`(${why})`),
      ended: () => heard.resolve([...lines, "(ended)"]),
    }),
  );
  assert.ok(opened.ok);
  t.after(() => opened.value.close());
  return { path, heard: heard.promise };
}

async function textOf(socket: Socket): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

test("T27: whoever leaves too much unread is cut off", async (t) => {
  const { there } = await pair(t, { lineBytesMax: 64, backlogCharsMax: 1_000 });
  // What a socket takes by itself is some hundred kilobytes.
  for (let count = 0; count < 100_000; count += 1) there.write("x".repeat(60));
  await there.closed;
});

test("a socket that a dead program left is replaced; one that answers, or a file that is none, stays", async (t) => {
  const path = await socketPath(t);
  const left = createServer();
  await new Promise<void>((resolve) => left.listen(path, resolve));
  const busy = await listenLocally(path, OPTIONS, () => {});
  assert.equal(busy.ok ? "" : busy.fault.code, "busy");
  await new Promise((resolve) => left.close(resolve));
  const mine = await listenLocally(path, OPTIONS, () => {});
  assert.ok(mine.ok);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  await mine.value.close();
  const plain = join(path, "..", "plain");
  await writeFile(plain, "kept");
  const taken = await listenLocally(plain, OPTIONS, () => {});
  assert.equal(taken.ok ? "" : taken.fault.code, "unsupported");
  assert.equal(await readFile(plain, "utf8"), "kept");
  const nobody = await connectLocally(join(path, "..", "nobody.sock"), OPTIONS);
  assert.equal(nobody.ok ? "" : nobody.fault.code, "peer_offline");
});

test("S6: nobody else can connect, not even in the moment in which a socket is made", async (t) => {
  const path = await socketPath(t);
  const modes: number[] = [];
  const before = process.umask(0);
  try {
    const listening = listenLocally(path, OPTIONS, () => {});
    modes.push(statSync(path).mode & 0o777);
    const opened = await listening;
    assert.ok(opened.ok);
    t.after(() => opened.value.close());
    assert.deepEqual(modes, [0o600]);
    assert.equal(process.umask(), 0);
  } finally {
    process.umask(before);
  }
});

test("S6: what stands where our socket is looked for is not believed when it only leads to one", async (t) => {
  const path = await socketPath(t);
  const opened = await listenLocally(path, OPTIONS, () => {});
  assert.ok(opened.ok);
  t.after(() => opened.value.close());
  await symlink(path, `${path}.link`);
  const led = await connectLocally(`${path}.link`, OPTIONS);
  assert.equal(led.ok ? "" : led.fault.code, "peer_offline");
});

test("a place has a short path in a private folder, or none", () => {
  const place = { folder: "/srv/gabi/p", name: "gabi", platform: "linux", runtimeFolder: undefined } as const;
  const path = localSocketPath(place);
  assert.match(path ?? "", /^\/srv\/gabi\/p\/api-[0-9a-f]{16}\.sock$/);
  assert.notEqual(localSocketPath({ ...place, name: "nori" }), path);
  const long = { ...place, folder: `/srv/${"x".repeat(120)}` };
  assert.equal(localSocketPath(long), undefined);
  assert.match(
    localSocketPath({ ...long, runtimeFolder: "/run/user/1" }) ?? "",
    /^\/run\/user\/1\/papo-[0-9a-f]{16}\.sock$/,
  );
  assert.match(localSocketPath({ ...place, platform: "win32" }) ?? "", /^\\\\\.\\pipe\\papo-/);
});
