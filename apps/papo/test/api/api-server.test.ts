// Goal: a program at the socket gets an answer to all that it asks, however it asks, and neither one that asks too fast nor one that does not read costs more than it may.
// Method: real sockets in a temporary folder before an engine that only counts; what is waited for is what arrives.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate as nextTurn } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import type { PeerApi, PeerEvent } from "@papo/peer/api";
import {
  API_ANSWERS_UNREAD_CHARS_MAX,
  API_CLIENTS_MAX,
  API_REQUEST_BYTES_MAX,
  API_REQUESTS_AHEAD_MAX,
  succeed,
  type Username,
} from "@papo/protocol";
import { apiPath } from "../../src/api/api-path.ts";
import { ApiServer } from "../../src/api/api-server.ts";

const GABI = "gabi" as Username;

/** An engine that counts what is asked of it at once, and answers as long as it is told to. */
class CountingEngine {
  readonly self = GABI;
  answerChars = 10;
  asked = 0;
  atOnce = 0;
  mostAtOnce = 0;
  readonly #listeners = new Set<(event: PeerEvent) => void>();

  subscribe(listener: (event: PeerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  happens(event: PeerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** At once, as what stands in memory. */
  pins(): readonly unknown[] {
    this.asked += 1;
    return ["x".repeat(this.answerChars)];
  }

  /** After a while, as what is asked of a tracker. */
  async listRooms(): Promise<ReturnType<typeof succeed<string>>> {
    this.asked += 1;
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    for (let turn = 0; turn < 70; turn += 1) await nextTurn();
    this.atOnce -= 1;
    return succeed("rooms");
  }
}

async function serve(t: TestContext): Promise<{ engine: CountingEngine; connected: () => Promise<Socket> }> {
  const folder = await mkdtemp(join(tmpdir(), "papo-api-"));
  const engine = new CountingEngine();
  // Only what is asked of it here is there.
  const server = new ApiServer(engine as Partial<PeerApi> as PeerApi, folder);
  t.after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  const path = apiPath(folder, GABI);
  assert.ok(path !== undefined);
  while (!existsSync(path)) await nextTurn();
  const connected = async (): Promise<Socket> => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.on("error", () => {});
    t.after(() => socket.destroy());
    await new Promise((resolve) => socket.once("connect", resolve));
    return socket;
  };
  return { engine, connected };
}

function request(id: number, method: string): string {
  return `${JSON.stringify({ jsonrpc: "2.0", id, method })}\n`;
}

type Answer = {
  readonly id: number | null;
  readonly error?: { readonly code: number; readonly data: { code: string } };
};

/** All that arrives until the other side ends it. */
async function answersOf(socket: Socket): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for await (const line of createInterface({ input: socket })) answers.push(JSON.parse(line) as Answer);
  return answers;
}

const ids = (answers: readonly Answer[]): readonly (number | null)[] => answers.map(({ id }) => id);

test("T5: hundreds of requests in one write, and then no more, are all answered before the end, some at a time", async (t) => {
  const { engine, connected } = await serve(t);
  const socket = await connected();
  const wanted = Array.from({ length: 250 }, (_, at) => at);
  socket.end(
    wanted
      .map((id) => request(id, "listRooms"))
      .join("")
      .trimEnd(),
  );
  assert.deepEqual(new Set(ids(await answersOf(socket))), new Set(wanted));
  assert.equal(engine.mostAtOnce, API_REQUESTS_AHEAD_MAX);
});

test("T27: nobody is asked for more while too much is unread; whoever then reads gets all of it", async (t) => {
  const { engine, connected } = await serve(t);
  engine.answerChars = 1024 * 1024;
  const enough = API_ANSWERS_UNREAD_CHARS_MAX / engine.answerChars;
  const socket = await connected();
  socket.pause();
  const wanted = Array.from({ length: 2 * enough }, (_, at) => at);
  socket.end(wanted.map((id) => request(id, "pins")).join(""));
  while (engine.asked < enough) await nextTurn();
  // What the system itself holds, and the one that was too much.
  for (let turn = 0; turn < 200; turn += 1) await nextTurn();
  assert.ok(engine.asked < enough + 4, `${engine.asked} were asked`);
  assert.deepEqual(ids(await answersOf(socket)), wanted);
});

test("T1, T4, T12: what is no request is answered with what is wrong, and the next one is read", async (t) => {
  const { connected } = await serve(t);
  const socket = await connected();
  socket.write(`${"[".repeat(100_000)}\n`);
  socket.write(Buffer.from([0x22, 0xc3, 0x28, 0x22, 10]));
  socket.write(`{"jsonrpc":"2.0","id":1,"method":"pins","params":{"__proto__":{}}}\n`);
  socket.write(request(7, "pins"));
  socket.write("x".repeat(API_REQUEST_BYTES_MAX + 1));
  const answers = await answersOf(socket);
  assert.deepEqual(
    answers.map(({ id, error }) => [id, error?.code, error?.data.code]),
    [
      [null, -32_600, "json_too_deep"],
      [null, -32_700, "bad_text"],
      [null, -32_600, "forbidden_key"],
      [7, undefined, undefined],
      [null, -32_700, "frame_too_large"],
    ],
  );
});

test("one that listens goes on listening when it has said all, and makes room when nobody else can come", async (t) => {
  const { engine, connected } = await serve(t);
  const listener = await connected();
  const lines = createInterface({ input: listener })[Symbol.asyncIterator]();
  listener.end(request(1, "subscribe"));
  assert.match(String((await lines.next()).value), /"id":1/);
  engine.happens({ kind: "pins" } as unknown as PeerEvent);
  assert.match(String((await lines.next()).value), /"kind":"pins"/);

  const others: Socket[] = [];
  for (let count = 1; count <= API_CLIENTS_MAX; count += 1) others.push(await connected());
  for (const other of others) {
    other.write(request(2, "pins"));
    await new Promise((resolve) => other.once("data", resolve));
  }
  assert.equal((await lines.next()).done, true);
  const [refused] = await answersOf(await connected());
  assert.deepEqual([refused?.id, refused?.error?.data.code], [null, "limit_reached"]);
});
