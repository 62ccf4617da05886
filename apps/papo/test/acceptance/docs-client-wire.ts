import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from "node:crypto";
import type { TLSSocket } from "node:tls";

// A second implementation, part one: keys, signed texts, TLS and frames, from docs/protocol/identity.md and framing.md alone.

export type Json = { readonly [key: string]: unknown };
export type Signed = { readonly text: string; readonly sig: string };
/** Who somebody is: an account, and the device of it at hand. */
export type Party = { readonly account: string; readonly device: string };
export type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

export const newKeys = (): KeyPair => generateKeyPairSync("ed25519");
export const sha256 = (...parts: readonly (string | Uint8Array)[]): string =>
  createHash("sha256").update(joined(parts)).digest("base64url");
export const joined = (parts: readonly (string | Uint8Array)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part)));
export { randomBytes };

/** identity.md §1: 32 raw bytes in base64url. */
export function rawKey(key: KeyObject): string {
  return String(key.export({ format: "jwk" }).x);
}

function publicKeyOf(raw: string): KeyObject {
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: raw }, format: "jwk" });
}

/** identity.md §2: the context, one zero byte, what is signed. */
export function signBytes(context: string, content: string | Uint8Array, { privateKey }: KeyPair): Buffer {
  return sign(null, joined([context, "\0", content]), privateKey);
}

export function isSignedBy(key: string, context: string, content: string | Uint8Array, sig: Uint8Array): boolean {
  return verify(null, joined([context, "\0", content]), publicKeyOf(key), sig);
}

export function signText(context: string, content: object, keys: KeyPair): Signed {
  const text = JSON.stringify(content);
  return { text, sig: signBytes(context, text, keys).toString("base64url") };
}

/** Which field of each text names its signer. */
const SIGNERS = {
  "papo/tracker-statement/1": "key",
  "papo/account-statement/1": "account",
  "papo/name-binding/1": "tracker",
  "papo/room-ticket/1": "tracker",
} as const;

export function openText(context: keyof typeof SIGNERS, signed: unknown): Json {
  const { text, sig } = signed as Signed;
  const content = JSON.parse(text) as Json;
  if (!isSignedBy(String(content[SIGNERS[context]]), context, text, Buffer.from(sig, "base64url")))
    throw new Error(`${context}: the signature does not verify`);
  return content;
}

/** framing.md §5: a self-signed certificate in which only the key counts. */
function certificateOf({ publicKey, privateKey }: KeyPair): string {
  const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
    const content = Buffer.concat(parts);
    const length = content.length < 128 ? [content.length] : [0x81, content.length];
    return Buffer.concat([Buffer.from([tag, ...length]), content]);
  };
  const ed25519 = Buffer.from("300506032b6570", "hex");
  const time = (text: string): Buffer => der(0x17, Buffer.from(text));
  const name = der(0x30);
  const keyInfo = publicKey.export({ type: "spki", format: "der" });
  const serial = Buffer.from("020101", "hex");
  const dates = der(0x30, time("200101000000Z"), time("400101000000Z"));
  const content = der(0x30, serial, ed25519, name, dates, name, keyInfo);
  const certificate = der(0x30, content, ed25519, der(0x03, Buffer.from([0]), sign(null, content, privateKey)));
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64").replaceAll(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}

/** framing.md §5. */
export function tlsOptions(keys: KeyPair, alpn: string) {
  return {
    cert: certificateOf(keys),
    key: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    minVersion: "TLSv1.3",
    maxVersion: "TLSv1.3",
    ecdhCurve: "X25519MLKEM768:X25519",
    sigalgs: "ed25519",
    secureOptions: constants.SSL_OP_NO_TICKET,
    rejectUnauthorized: false,
    ALPNProtocols: [alpn],
  } as const;
}

/** A frame that has arrived: a JSON message, or (room-log.md §6) entries of a room. */
export type Said = { readonly message: Json } | { readonly entries: Buffer };

/** framing.md §2: frames on a TLS socket. Keep-alive (§4) and the other side's BYE are answered here. */
export class Frames {
  readonly socket: TLSSocket;
  readonly #arrived: Said[] = [];
  readonly #onChange: () => void;
  #hear: ((said: Said) => void) | undefined;
  #bytes = Buffer.alloc(0);
  #waiting: (() => void)[] = [];

  constructor(socket: TLSSocket, onChange: () => void) {
    this.socket = socket;
    this.#onChange = onChange;
    socket.on("error", () => {});
    socket.on("close", () => this.#changed());
    socket.on("data", (bytes: Buffer) => this.#take(bytes));
  }

  /** The raw key that the other side has proven. */
  get remoteKey(): string {
    const certificate = this.socket.getPeerX509Certificate();
    if (certificate === undefined) throw new Error("no certificate");
    return rawKey(certificate.publicKey);
  }

  /** It was, or is being, closed by either side. */
  get isEnding(): boolean {
    return this.socket.destroyed || this.socket.writableEnded;
  }

  send(message: object): void {
    this.#write(0, Buffer.from(JSON.stringify(message)));
  }

  sendEntries(payload: Buffer): void {
    this.#write(2, payload);
  }

  /** Resolves when nothing was said for this long: milliseconds. */
  silence(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.socket.setTimeout(ms);
      this.socket.once("timeout", () => {
        this.socket.setTimeout(0);
        resolve();
      });
    });
  }

  /** The next message that satisfies `wanted`; others stay for whoever waits for them. */
  async next(what: string, wanted: (message: Json) => boolean = () => true): Promise<Json> {
    for (;;) {
      const at = this.#arrived.findIndex((said) => "message" in said && wanted(said.message));
      const [said] = at === -1 ? [] : this.#arrived.splice(at, 1);
      if (said !== undefined && "message" in said) return said.message;
      if (this.isEnding) throw new Error(`closed before ${what}; had ${JSON.stringify(this.#arrived)}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** From now on everything goes there, and what came meanwhile first. */
  listen(hear: (said: Said) => void): void {
    this.#hear = hear;
    for (const said of this.#arrived.splice(0)) hear(said);
  }

  #write(kind: number, payload: Buffer): void {
    if (this.isEnding) return;
    const header = Buffer.alloc(5);
    header.writeUInt32BE(payload.length + 1);
    header.writeUInt8(kind, 4);
    this.socket.write(Buffer.concat([header, payload]));
  }

  #changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.#onChange();
  }

  #take(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    while (this.#bytes.length >= 5 && this.#bytes.length >= 4 + this.#bytes.readUInt32BE()) {
      const end = 4 + this.#bytes.readUInt32BE();
      const payload = this.#bytes.subarray(5, end);
      if (this.#bytes[4] === 0) this.#message(JSON.parse(payload.toString()) as Json);
      if (this.#bytes[4] === 2) this.#said({ entries: Buffer.from(payload) });
      this.#bytes = this.#bytes.subarray(end);
    }
    this.#changed();
  }

  #message(message: Json): void {
    if (message["cmd"] === "BYE") this.socket.end();
    else if (message["cmd"] === "PING") this.send({ cmd: "PONG" });
    else if (message["cmd"] !== "PONG") this.#said({ message });
  }

  #said(said: Said): void {
    if (this.#hear === undefined) this.#arrived.push(said);
    else this.#hear(said);
  }
}
