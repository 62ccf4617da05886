// Goal: what docs/protocol/tracker.md says is enough to write a client with nothing but node:tls and node:crypto.
// Method: such a client, importing nothing of ours, on a real socket; the real password work.
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type TLSSocket, connect } from "node:tls";
import { createTlsIdentity, systemClock, tcpNetwork } from "@papo/link";
import { openMemoryStore } from "../../src/stores/memory/open-memory-store.ts";
import { startTracker } from "../../src/tracker.ts";
import { openTrackerIdentity } from "../../src/tracker-identity.ts";
import { hashOf } from "../tracker-in-reach.ts";

/** Looked at field by field. */
type Heard = ReturnType<typeof JSON.parse>;

class TinyClient {
  readonly socket: TLSSocket;
  readonly heard: Heard[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  #wake: () => void = () => {};

  constructor(socket: TLSSocket) {
    this.socket = socket;
    socket.on("data", (bytes: Buffer) => this.#take(bytes));
    socket.on("error", () => {});
    socket.on("close", () => this.#wake());
  }

  #take(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    // The length counts the kind, one byte, and the payload.
    while (this.#bytes.length >= 5 && this.#bytes.length >= 4 + this.#bytes.readUInt32BE(0)) {
      const end = 4 + this.#bytes.readUInt32BE(0);
      this.heard.push(JSON.parse(this.#bytes.toString("utf8", 5, end)));
      this.#bytes = this.#bytes.subarray(end);
    }
    this.#wake();
  }

  async ask(message: { id: number } & Record<string, unknown>): Promise<Heard> {
    const payload = Buffer.from(JSON.stringify(message));
    const header = Buffer.alloc(5);
    header.writeUInt32BE(1 + payload.length);
    this.socket.write(Buffer.concat([header, payload]));
    for (;;) {
      const answer = this.heard.find(({ re }) => re === message.id);
      if (answer !== undefined) return answer;
      assert.ok(!this.socket.destroyed, "the tracker closed the connection");
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

function key(kind: "ed25519" | "x25519") {
  const pair = kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519");
  return { text: pair.publicKey.export({ format: "jwk" }).x, privateKey: pair.privateKey };
}

test("a client of TLS, frames and JSON logs in, joins and hears", { timeout: 60_000 }, async (context) => {
  const directory = await mkdtemp(join(tmpdir(), "papo-tracker-"));
  context.after(() => rm(directory, { recursive: true }));
  const identity = await openTrackerIdentity(join(directory, "data"));
  assert.ok(identity.ok);
  const started = await startTracker({
    clock: systemClock,
    network: tcpNetwork(),
    identity: identity.value,
    repositories: openMemoryStore(),
    host: "127.0.0.1",
    port: 0,
    log: { event: () => {} },
  });
  assert.ok(started.ok);
  context.after(() => started.value.drain());

  const enter = async (name: string): Promise<TinyClient> => {
    const certificate = createTlsIdentity();
    const socket = connect({
      host: "127.0.0.1",
      port: started.value.port,
      ALPNProtocols: ["papo-tracker/1"],
      cert: certificate.certificatePem,
      key: certificate.privateKeyPem,
      minVersion: "TLSv1.3",
      rejectUnauthorized: false,
    });
    const client = new TinyClient(socket);
    const hello = await client.ask({ cmd: "HELLO", id: 1, version: 1, features: [] });
    assert.equal(JSON.parse(hello.tracker.text).key, started.value.key);

    const root = key("ed25519");
    const text = JSON.stringify({
      v: 1,
      account: root.text,
      version: 1,
      prev: null,
      devices: [
        {
          device: key("ed25519").text,
          tls: certificate.key,
          seal: key("x25519").text,
          added: "2030-01-02T03:04:05.006Z",
          revoked: null,
        },
      ],
    });
    const sig = sign(null, Buffer.from(`papo/account-statement/1\0${text}`), root.privateKey).toString("base64url");
    const answer = await client.ask({
      cmd: "REGISTER",
      id: 2,
      username: name,
      password: hashOf(name),
      statement: { text, sig },
      port: 7_001,
    });
    assert.equal(answer.status, "OK", answer.msg);
    return client;
  };

  const gabi = await enter("gabi");
  const nori = await enter("nori");
  assert.equal(
    (await gabi.ask({ cmd: "CREATE_ROOM", id: 3, room: "TESTE", roomId: "A".repeat(43) })).room.kind,
    "open",
  );
  const joined = await nori.ask({ cmd: "JOIN_ROOM", id: 3, room: "TESTE" });
  assert.equal(joined.members.length, 2);
  await gabi.ask({ cmd: "LIST_ROOMS", id: 4 });
  assert.equal(gabi.heard.find(({ status }) => status === "ROOM_UPDATE").changed[0].username, "nori");
  gabi.socket.destroy();
  nori.socket.destroy();
});
