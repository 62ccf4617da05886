import { createHash } from "node:crypto";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { systemClock } from "@papo/link";
import { EXPECT_TIMEOUT_MS } from "@papo/testing";

export type SeedObject = { readonly [key: string]: unknown; readonly status?: string; readonly msg?: string };

/** SHA-256 of a password in hex, as the original sends it. */
export function hashOf(password: string): string {
  return createHash("sha256").update(password, "utf8").digest("hex");
}

/** An original program's side of a session: JSON objects on a plain socket, no framing, no ids, nothing of ours. */
export class SeedClient {
  readonly #socket: Socket;
  readonly #incoming: SeedObject[] = [];
  #text = "";
  #closed = false;
  #changed: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.#take(text));
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#closed = true;
      this.#changed();
    });
  }

  static async connect(port: number, host = "127.0.0.1"): Promise<SeedClient> {
    const socket = connect({ host, port, noDelay: true });
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return new SeedClient(socket);
  }

  get ends(): { readonly address: string | undefined; readonly port: number | undefined } {
    return { address: this.#socket.localAddress, port: this.#socket.localPort };
  }

  send(object: object): void {
    this.raw(JSON.stringify(object));
  }

  raw(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** One write a byte, each on the wire before the next. */
  async drip(text: string): Promise<void> {
    for (const byte of Buffer.from(text))
      await new Promise((resolve) => this.#socket.write(Buffer.from([byte]), resolve));
  }

  /** Sends a request and waits for its answer; pushes stay in the queue. */
  ask(object: object): Promise<SeedObject> {
    this.send(object);
    return this.answer();
  }

  answer(): Promise<SeedObject> {
    return this.#next("an answer", ({ status }) => status !== "ROOM_UPDATE");
  }

  push(): Promise<SeedObject> {
    return this.#next("a ROOM_UPDATE", ({ status }) => status === "ROOM_UPDATE");
  }

  /** A push whose room satisfies `test`; earlier ones are dropped. */
  async pushWhere(test: (room: SeedRoom) => boolean): Promise<SeedRoom> {
    for (;;) {
      const room = (await this.push())["room"] as SeedRoom;
      if (test(room)) return room;
    }
  }

  get waiting(): readonly SeedObject[] {
    return this.#incoming;
  }

  closed(): Promise<void> {
    return this.#until("the connection to close", () => this.#closed);
  }

  leave(): void {
    this.#socket.destroy();
  }

  register(username: string, password: string, port: number, address = "localhost"): Promise<SeedObject> {
    return this.ask({ cmd: "REGISTER", username, password: hashOf(password), address, port });
  }

  login(username: string, password: string, port: number, address = "localhost"): Promise<SeedObject> {
    return this.ask({ cmd: "LOGIN", username, password: hashOf(password), address, port });
  }

  async #next(what: string, wanted: (object: SeedObject) => boolean): Promise<SeedObject> {
    let at = -1;
    await this.#until(what, () => {
      at = this.#incoming.findIndex(wanted);
      return at !== -1 || this.#closed;
    });
    const [found] = at === -1 ? [] : this.#incoming.splice(at, 1);
    if (found === undefined) throw new Error(`the connection closed before ${what}`);
    return found;
  }

  #until(what: string, holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = systemClock.after(EXPECT_TIMEOUT_MS, () =>
        reject(new Error(`waited in vain for ${what}; unread: ${JSON.stringify(this.#incoming)} ${this.#text}`)),
      );
      this.#changed = () => {
        if (!holds()) return;
        timer.cancel();
        this.#changed = () => {};
        resolve();
      };
      this.#changed();
    });
  }

  #take(text: string): void {
    this.#text += text;
    for (let end = objectEnd(this.#text); end !== -1; end = objectEnd(this.#text)) {
      this.#incoming.push(JSON.parse(this.#text.slice(0, end)) as SeedObject);
      this.#text = this.#text.slice(end);
    }
    this.#changed();
  }
}

/** Where the first whole object of a text ends, or -1. */
function objectEnd(text: string): number {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (inString && letter === "\\") at += 1;
    else if (letter === '"') inString = !inString;
    else if (!inString && letter === "{") depth += 1;
    else if (!inString && letter === "}" && --depth === 0) return at + 1;
  }
  return -1;
}

export type SeedPeer = {
  readonly username: string;
  readonly last_ping: unknown;
  readonly address: string;
  readonly port: number;
  readonly connected: boolean;
};
export type SeedRoom = {
  readonly name: string;
  readonly peer_owner: SeedPeer | null;
  readonly peer_one: SeedPeer | null;
  readonly peer_two: SeedPeer | null;
};

/** Names in the three places of a room. */
export function placesOf(room: SeedRoom): readonly (string | null)[] {
  return [room.peer_owner, room.peer_one, room.peer_two].map((peer) => peer?.username ?? null);
}

/** The port on which an original peer listens: it answers PING with PONG while `answers` is true, and counts them. */
export class SeedListener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  answers = true;
  pings = 0;
  #changed: () => void = () => {};

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("data", (bytes) => this.#heard(socket, bytes.toString()));
    });
  }

  static async open(): Promise<SeedListener> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new SeedListener(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resolves at the next PING. */
  pinged(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #heard(socket: Socket, text: string): void {
    if ((JSON.parse(text) as SeedObject)["cmd"] !== "PING") return;
    this.pings += 1;
    if (this.answers) socket.end(JSON.stringify({ cmd: "PONG" }));
    this.#changed();
  }
}
