// Goal: a link is handed out only for TLS 1.3 between two Ed25519 keys with our protocol name, and for nothing less.
// Method: real sockets on loopback; our listener against bare node:tls clients and our dialler against bare servers,
// each wrong in one way. Nobody may get a link, and no application byte may pass.
import assert from "node:assert/strict";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { test } from "node:test";
import { type ConnectionOptions, type TlsOptions, connect, createServer } from "node:tls";
import type { AddressInfo } from "node:net";
import { createTlsIdentity, readTlsIdentity } from "@papo/link";
import { LinkRecorder } from "@papo/testing";
import { ALPN, diallerIdentity, listenerIdentity, openPair, openRig, openServer } from "../support/tcp.ts";
import { CHAINED, P256, RSA } from "../support/certificates.ts";

const good: ConnectionOptions = {
  host: "127.0.0.1",
  cert: diallerIdentity.certificatePem,
  key: diallerIdentity.privateKeyPem,
  minVersion: "TLSv1.3",
  ALPNProtocols: [ALPN],
  rejectUnauthorized: false,
  servername: "",
};

/** What a bare client reads from our listener, and whether that gave out a link. */
async function visit(options: ConnectionOptions): Promise<{ links: number; read: string }> {
  await using rig = await openRig({ onLink: (link) => link.sendJson({ secret: "for friends" }) });
  const socket = connect({ ...options, port: rig.port });
  let read = "";
  socket.on("data", (chunk: Buffer) => (read += chunk.toString("latin1")));
  socket.on("error", () => {});
  await new Promise<void>((resolve) => socket.once(options === good ? "data" : "close", () => resolve()));
  socket.destroy();
  return { links: rig.links.length, read };
}

test("a bare node:tls client that keeps the rules gets a link", async () => {
  const { links, read } = await visit(good);
  assert.equal(links, 1);
  assert.match(read, /for friends/u);
});

const badClients: Record<string, ConnectionOptions> = {
  "TLS 1.2": { ...good, minVersion: "TLSv1.2", maxVersion: "TLSv1.2" },
  "a weak group": { ...good, ecdhCurve: "P-256" },
  "no client certificate": { ...good, cert: undefined, key: undefined },
  "an RSA certificate": { ...good, ...RSA },
  "a P-256 certificate": { ...good, ...P256 },
  "a chained certificate": { ...good, ...CHAINED },
  "the wrong protocol name": { ...good, ALPNProtocols: ["papo-tracker/1"] },
  "no protocol name": { ...good, ALPNProtocols: undefined },
};

for (const [name, options] of Object.entries(badClients)) {
  test(`P2: a client with ${name} gets no link and no byte`, async () => {
    assert.deepEqual(await visit(options), { links: 0, read: "" });
  });
}

const goodServer: TlsOptions = {
  cert: listenerIdentity.certificatePem,
  key: listenerIdentity.privateKeyPem,
  minVersion: "TLSv1.3",
  ALPNProtocols: [ALPN],
  requestCert: true,
  rejectUnauthorized: false,
};

/** What our dialler makes of a bare server, and what that server could read. */
async function call(options: TlsOptions): Promise<{ code: string; read: number }> {
  let read = 0;
  const server = createServer(options, (socket) => {
    socket.on("data", (chunk: Buffer) => (read += chunk.length));
    socket.on("error", () => {});
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await using rig = await openRig();
    const dialling = await rig.dial({ port: (server.address() as AddressInfo).port });
    return { code: dialling.ok ? "linked" : dialling.fault.code, read };
  } finally {
    server.close();
  }
}

test("a bare node:tls server that keeps the rules can be dialled", async () => {
  assert.equal((await call(goodServer)).code, "linked");
});

const badServers: Record<string, TlsOptions> = {
  "TLS 1.2": { ...goodServer, minVersion: "TLSv1.2", maxVersion: "TLSv1.2" },
  "a weak group": { ...goodServer, ecdhCurve: "P-256" },
  "an RSA certificate": { ...goodServer, ...RSA },
  "a P-256 certificate": { ...goodServer, ...P256 },
  "a chained certificate": { ...goodServer, ...CHAINED },
  "the wrong protocol name": { ...goodServer, ALPNProtocols: ["papo-tracker/1"] },
  "no protocol name": { ...goodServer, ALPNProtocols: undefined },
};

for (const [name, options] of Object.entries(badServers)) {
  test(`P2: a server with ${name} is not given a link or a byte`, async () => {
    assert.deepEqual(await call(options), { code: "unsupported", read: 0 });
  });
}

test("P2: a session that was kept is not resumed", async () => {
  await using rig = await openRig({ onLink: (link) => link.sendJson({ hello: true }) });
  const first = connect({ ...good, port: rig.port });
  const sessions: Buffer[] = [];
  first.on("session", (session: Buffer) => sessions.push(session));
  await once(first, "data");
  const kept = sessions.at(-1) ?? first.getSession();
  first.destroy();

  const second = connect({ ...good, port: rig.port, ...(kept === undefined ? {} : { session: kept }) });
  await once(second, "data");
  assert.equal(second.isSessionReused(), false);
  second.destroy();
  assert.equal(rig.links.length, 2);
  assert.equal(rig.links[1]?.security?.remoteKey, diallerIdentity.key);
});

test("P2: a certificate without its private key opens nothing", () => {
  const stolen = { cert: diallerIdentity.certificatePem, key: createTlsIdentity().privateKeyPem };
  assert.throws(() => connect({ ...good, ...stolen, port: 1 }), /key values mismatch/u);
});

test("both ends know each other's key, cipher and post-quantum group", async () => {
  await using rig = await openRig();
  const { ours, theirs } = await openPair(rig);
  const agreed = { protocol: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", group: "X25519MLKEM768" };
  assert.deepEqual(ours.security, { remoteKey: listenerIdentity.key, ...agreed });
  assert.deepEqual(theirs.security, { remoteKey: diallerIdentity.key, ...agreed });
});

test("a client that knows only X25519 is served, and the group is told truly", async () => {
  await using rig = await openRig();
  const socket = connect({ ...good, ecdhCurve: "X25519", port: rig.port });
  const link = await rig.link();
  assert.equal(link.security?.group, "X25519");
  socket.destroy();
});

test("P4: another key than the expected one ends the dial, and nothing was said", async () => {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const heard: LinkRecorder[] = [];
  await using rig = await openRig({
    onLink: (link) => heard.push(LinkRecorder.on(link)),
    released: () => resolve(),
  });
  const dialling = await rig.dial({ expectedKey: diallerIdentity.key });
  assert.equal(dialling.ok ? "linked" : dialling.fault.code, "identity_changed");
  await gone;
  assert.deepEqual(
    heard.flatMap(({ messages }) => messages),
    [],
  );
});

test("no server name is sent, neither for an address nor for a host name", async () => {
  const hellos: Buffer[] = [];
  await using server = await openServer((socket) => {
    socket.once("data", (chunk: Buffer) => {
      hellos.push(chunk);
      socket.destroy();
    });
  });
  await using rig = await openRig();
  for (const host of ["127.0.0.1", "localhost"]) await rig.dial({ host, port: server.port });
  assert.equal(hellos.length, 2);
  for (const hello of hellos) {
    assert.equal(hello.includes("localhost"), false);
    assert.equal(extensionsOf(hello).includes(0), false, "server_name (RFC 6066) is extension 0");
  }
});

/** The extension numbers of a ClientHello (RFC 8446 §4.1.2) that came in one record. */
function extensionsOf(hello: Buffer): number[] {
  const sessionIdAt = 5 + 4 + 2 + 32;
  const ciphersAt = sessionIdAt + 1 + hello.readUInt8(sessionIdAt);
  const compressionAt = ciphersAt + 2 + hello.readUInt16BE(ciphersAt);
  let at = compressionAt + 1 + hello.readUInt8(compressionAt) + 2;
  const numbers: number[] = [];
  while (at + 4 <= hello.length) {
    numbers.push(hello.readUInt16BE(at));
    at += 4 + hello.readUInt16BE(at + 2);
  }
  return numbers;
}

test("the certificate is small, the same each time, and carries the key", () => {
  const again = readTlsIdentity(listenerIdentity.privateKeyPem);
  assert.deepEqual(again, { ok: true, value: listenerIdentity });
  const certificate = new X509Certificate(listenerIdentity.certificatePem);
  assert.ok(certificate.raw.length < 256);
  assert.ok(certificate.verify(certificate.publicKey));
  assert.equal(certificate.publicKey.export({ format: "jwk" }).x, listenerIdentity.key);
});

test("what is not an Ed25519 private key is refused without saying what it was", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  for (const text of ["", "secret text", rsa.export({ type: "pkcs8", format: "pem" }).toString()]) {
    const read = readTlsIdentity(text);
    assert.deepEqual(read, {
      ok: false,
      fault: { code: "invalid_message", detail: "TLS key: expected an Ed25519 private key in PEM" },
    });
  }
});
