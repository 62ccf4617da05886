import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
  createPublicKey,
  constants,
} from "node:crypto";
import { connect, createServer, type Server, type TLSSocket } from "node:tls";

// A second implementation, written from docs/protocol alone: node:tls, node:crypto and what those pages say. It imports
// nothing of ours and handles nothing but what it needs: its only purpose is to prove that the pages suffice.

type Json = { readonly [key: string]: unknown };
type Signed = { readonly text: string; readonly sig: string };

/** identity.md §1: 32 raw bytes in base64url. */
function rawKey(key: KeyObject): string {
  return String(key.export({ format: "jwk" }).x);
}

function publicKeyOf(raw: string): KeyObject {
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: raw }, format: "jwk" });
}

/** identity.md §2: the context, one zero byte, the text. */
function signedBytes(context: string, text: string): Buffer {
  return Buffer.concat([Buffer.from(context), Buffer.from([0]), Buffer.from(text)]);
}

function open(context: string, { text, sig }: Signed, key: (content: Json) => string): Json {
  const content = JSON.parse(text) as Json;
  const isTrue = verify(null, signedBytes(context, text), publicKeyOf(key(content)), Buffer.from(sig, "base64url"));
  if (!isTrue) throw new Error(`${context}: the signature does not verify`);
  return content;
}

const openTrackerStatement = (signed: Signed): Json =>
  open("papo/tracker-statement/1", signed, ({ key }) => String(key));
const openStatement = (signed: Signed): Json =>
  open("papo/account-statement/1", signed, ({ account }) => String(account));
const openBinding = (signed: Signed): Json => open("papo/name-binding/1", signed, ({ tracker }) => String(tracker));

/** framing.md §5: a self-signed certificate in which only the key counts. */
function certificateOf({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): string {
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
  const content = der(
    0x30,
    serial,
    ed25519,
    name,
    der(0x30, time("200101000000Z"), time("400101000000Z")),
    name,
    keyInfo,
  );
  const certificate = der(0x30, content, ed25519, der(0x03, Buffer.from([0]), sign(null, content, privateKey)));
  return `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64").replaceAll(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}

/** framing.md §2: frames on a TLS socket, JSON only. Keep-alive (§4) is answered here. */
class Frames {
  readonly socket: TLSSocket;
  readonly #arrived: Json[] = [];
  readonly #onChange: () => void;
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
    const payload = Buffer.from(JSON.stringify(message));
    const header = Buffer.alloc(5);
    header.writeUInt32BE(payload.length + 1);
    this.socket.write(Buffer.concat([header, payload]));
  }

  /** The next message that satisfies `wanted`; others stay for whoever waits for them. */
  async next(what: string, wanted: (message: Json) => boolean = () => true): Promise<Json> {
    for (;;) {
      const message = this.take(wanted);
      if (message !== undefined) return message;
      if (this.isEnding) throw new Error(`closed before ${what}; had ${JSON.stringify(this.#arrived)}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** The first that has arrived and satisfies `wanted`. */
  take(wanted: (message: Json) => boolean): Json | undefined {
    const at = this.#arrived.findIndex(wanted);
    return at === -1 ? undefined : this.#arrived.splice(at, 1)[0];
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
    this.#onChange();
  }

  #take(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    while (this.#bytes.length >= 5 && this.#bytes.length >= 4 + this.#bytes.readUInt32BE()) {
      const end = 4 + this.#bytes.readUInt32BE();
      if (this.#bytes[4] === 0) this.#message(JSON.parse(this.#bytes.subarray(5, end).toString()) as Json);
      this.#bytes = this.#bytes.subarray(end);
    }
    this.#changed();
  }

  #message(message: Json): void {
    if (message["cmd"] === "BYE") this.socket.end();
    else if (message["cmd"] === "PING") this.send({ cmd: "PONG" });
    else if (message["cmd"] !== "PONG") this.#arrived.push(message);
    // peer.md §3.1: at once and each time, because a confirmation may be lost with its link.
    if (message["cmd"] === "MESSAGE") this.send({ cmd: "RECEIVED", id: message["id"] });
  }
}

export type DocsMember = {
  readonly username: string;
  readonly account: string;
  readonly endpoints: readonly {
    readonly device: string;
    readonly tls: string;
    readonly address: string;
    readonly port: number;
  }[];
};

/** A user of the pages: one account on one device, at one tracker. */
export class DocsClient {
  readonly username: string;
  readonly links: Frames[] = [];
  readonly #account = generateKeyPairSync("ed25519");
  readonly #tls = generateKeyPairSync("ed25519");
  readonly #statement: Signed;
  readonly #trackerKey: string;
  readonly #server: Server;
  #tracker: Frames | undefined;
  #binding: Signed | undefined;
  #id = 0;
  #waiting: (() => void)[] = [];

  constructor(username: string, trackerKey: string) {
    this.username = username;
    this.#trackerKey = trackerKey;
    this.#statement = this.#signStatement();
    this.#server = createServer(
      { ...this.#both("papo-peer/1"), requestCert: true },
      (socket) => void this.#accepted(socket),
    );
  }

  /** tracker.md §2, §3.1: HELLO, then REGISTER with the port where we listen. */
  async register(tracker: { readonly host: string; readonly port: number }, password: string): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const frames = await this.#connect(tracker, "papo-tracker/1");
    this.#tracker = frames;
    const hello = await this.#ask({ cmd: "HELLO", version: 1, features: [] });
    const { key, tls } = openTrackerStatement(hello["tracker"] as Signed);
    if (key !== this.#trackerKey || tls !== frames.remoteKey) throw new Error("this is another tracker");

    const { port } = this.#server.address() as { port: number };
    const hash = createHash("sha256").update(password).digest("hex");
    const answer = await this.#ask({
      ...{ cmd: "REGISTER", username: this.username, password: hash, statement: this.#statement, port },
    });
    this.#binding = answer["binding"] as Signed;
    const binding = openBinding(this.#binding);
    if (binding["tracker"] !== this.#trackerKey || binding["name"] !== this.username)
      throw new Error("not our binding");
  }

  /** tracker.md §4.2. The other members, with where they listen. */
  async join(room: string): Promise<{ readonly id: string; readonly others: readonly DocsMember[] }> {
    const answer = await this.#ask({ cmd: "JOIN_ROOM", room });
    const others = (answer["members"] as DocsMember[]).filter(({ username }) => username !== this.username);
    return { id: String((answer["room"] as Json)["id"]), others };
  }

  /** peer.md §2.1 as the dialler. */
  async dial({ username, account, endpoints }: DocsMember): Promise<void> {
    const [endpoint] = endpoints;
    if (endpoint === undefined) throw new Error("nowhere to dial");
    const link = await this.#connect({ host: endpoint.address, port: endpoint.port }, "papo-peer/1");
    if (link.remoteKey !== endpoint.tls) throw new Error("another device answers there");
    link.send(this.#hello(account));
    const hello = await link.next("HELLO");
    const from = this.#check(hello, link);
    if (from.account !== account || from.username !== username) throw new Error("somebody else answers there");
    this.links.push(link);
    this.#stir();
  }

  /** The first link that stands, whoever dialled it. */
  async called(): Promise<Frames> {
    for (;;) {
      const standing = this.links.find((link) => !link.isEnding);
      if (standing !== undefined) return standing;
      await this.#anything();
    }
  }

  /** peer.md §3.1: what is not confirmed when a link ends is sent again, with its id, over another one (§6). */
  async say(room: string | null, content: string): Promise<void> {
    const id = randomBytes(16).toString("base64url");
    for (;;) {
      const link = await this.called();
      link.send({ cmd: "MESSAGE", id, room, content, sent: "2026-11-20T12:00:00.000Z" });
      const isConfirmed = await link
        .next("RECEIVED", (message) => message["cmd"] === "RECEIVED" && message["id"] === id)
        .then(
          () => true,
          () => false,
        );
      if (isConfirmed) return;
    }
  }

  /** The next message of the other side, on whichever link it comes. */
  async heard(): Promise<Json> {
    for (;;) {
      for (const link of this.links) {
        const message = link.take(({ cmd }) => cmd === "MESSAGE");
        if (message !== undefined) return message;
      }
      await this.#anything();
    }
  }

  async close(): Promise<void> {
    for (const link of this.links) {
      link.send({ cmd: "BYE", code: "closed" });
      link.socket.end();
    }
    if (this.#tracker !== undefined) await this.#ask({ cmd: "LOGOUT" });
  }

  /** Lets go of everything, however the test went. */
  [Symbol.dispose](): void {
    for (const { socket } of [...this.links, ...(this.#tracker === undefined ? [] : [this.#tracker])]) socket.destroy();
    this.#server.close();
  }

  /** Until something arrives on any link, or one opens or ends. */
  #anything(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  readonly #stir = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  };

  /** peer.md §2.1 as the listener: the dialler speaks first, and is checked before it learns anything. */
  async #accepted(socket: TLSSocket): Promise<void> {
    const link = new Frames(socket, this.#stir);
    try {
      if (socket.alpnProtocol !== "papo-peer/1" || socket.isSessionReused()) throw new Error("not a new link");
      const { account } = this.#check(await link.next("HELLO"), link);
      link.send(this.#hello(account));
      this.links.push(link);
      this.#stir();
    } catch {
      socket.destroy();
    }
  }

  /** peer.md §2.2. */
  #check(hello: Json, link: Frames): { readonly account: string; readonly username: string } {
    if (hello["cmd"] !== "HELLO" || hello["to"] !== rawKey(this.#account.publicKey)) throw new Error("not to us");
    const statement = openStatement(hello["statement"] as Signed);
    const devices = statement["devices"] as readonly Json[];
    if (!devices.some(({ tls, revoked }) => tls === link.remoteKey && revoked === null))
      throw new Error("not its device");
    const binding = openBinding(hello["binding"] as Signed);
    const isBound = binding["name"] === hello["username"] && binding["account"] === statement["account"];
    if (binding["tracker"] !== this.#trackerKey || !isBound) throw new Error("not its name");
    return { account: String(statement["account"]), username: String(hello["username"]) };
  }

  #hello(to: string): Json {
    const { username } = this;
    return { cmd: "HELLO", version: 1, features: [], to, statement: this.#statement, binding: this.#binding, username };
  }

  /** identity.md §3, version 1. */
  #signStatement(): Signed {
    const device = generateKeyPairSync("ed25519");
    const seal = generateKeyPairSync("x25519");
    const text = JSON.stringify({
      ...{ v: 1, account: rawKey(this.#account.publicKey), version: 1, prev: null },
      devices: [
        {
          ...{ device: rawKey(device.publicKey), tls: rawKey(this.#tls.publicKey), seal: rawKey(seal.publicKey) },
          ...{ added: "2026-11-20T12:00:00.000Z", revoked: null },
        },
      ],
    });
    const sig = sign(null, signedBytes("papo/account-statement/1", text), this.#account.privateKey);
    return { text, sig: sig.toString("base64url") };
  }

  /** framing.md §5. */
  #both(alpn: string) {
    return {
      cert: certificateOf(this.#tls),
      key: this.#tls.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      minVersion: "TLSv1.3",
      maxVersion: "TLSv1.3",
      ecdhCurve: "X25519MLKEM768:X25519",
      sigalgs: "ed25519",
      secureOptions: constants.SSL_OP_NO_TICKET,
      rejectUnauthorized: false,
      ALPNProtocols: [alpn],
    } as const;
  }

  async #connect(place: { readonly host: string; readonly port: number }, alpn: string): Promise<Frames> {
    const socket = connect({ ...place, ...this.#both(alpn), ALPNProtocols: [alpn], servername: "" });
    await new Promise<void>((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
    if (socket.alpnProtocol !== alpn || socket.isSessionReused()) throw new Error("not the expected protocol");
    return new Frames(socket, this.#stir);
  }

  /** tracker.md §1. */
  async #ask(request: Json): Promise<Json> {
    if (this.#tracker === undefined) throw new Error("no session");
    this.#id += 1;
    const id = this.#id;
    this.#tracker.send({ ...request, id });
    const answer = await this.#tracker.next(String(request["cmd"]), ({ re }) => re === id);
    if (answer["status"] !== "OK") throw new Error(`${String(request["cmd"])}: ${JSON.stringify(answer)}`);
    return answer;
  }
}
