import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";
import { SEED_ANSWER_BYTES_MAX } from "@papo/protocol";

type Said = {
  readonly cmd: string;
  readonly username?: string;
  readonly room?: string | null;
  readonly content?: string;
};

/**
 * A program as the founding report has it, on real sockets: it believes every name, keeps one connection a name, takes what one
 * read returns for exactly one object, and reads at most 4,096 bytes at once. docs/protocol/seed.md §5
 */
export class OriginalPeer {
  readonly name: string;
  readonly heard: string[] = [];
  /** Whoever said LEAVE. */
  readonly left: string[] = [];
  /** What it could not have read. The program itself would have lost the connection. */
  readonly mistakes: string[] = [];
  readonly #socketByName = new Map<string, Socket>();
  readonly #server: Server;
  #changed: () => void = () => {};

  private constructor(name: string) {
    this.name = name;
    this.#server = createServer((socket) => this.#read(socket, undefined));
  }

  static async listen(name: string): Promise<OriginalPeer> {
    const peer = new OriginalPeer(name);
    await new Promise<void>((resolve) => peer.#server.listen(0, "127.0.0.1", resolve));
    return peer;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connected(): readonly string[] {
    return [...this.#socketByName.keys()].toSorted();
  }

  async call(name: string, port: number): Promise<void> {
    const socket = connect({ host: "127.0.0.1", port });
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    await write(socket, { cmd: "HELLO", username: this.name });
    this.#socketByName.set(name, socket);
    this.#read(socket, name);
  }

  /** One write for each connection, as the original's loop does it. */
  async say(room: string | null, content: string, to: readonly string[] = this.connected): Promise<void> {
    for (const name of to) {
      const socket = this.#socketByName.get(name);
      if (socket === undefined) throw new Error(`${this.name} is not connected to ${name}`);
      await write(socket, { cmd: "MESSAGE", room, username: this.name, content });
    }
  }

  async leave(room: string): Promise<void> {
    for (const socket of this.#socketByName.values()) await write(socket, { cmd: "LEAVE", room });
    this.#socketByName.clear();
  }

  /** Waits until something holds; looked at after everything that arrives. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = () => {
        if (holds()) resolve();
      };
      this.#changed();
    });
  }

  close(): void {
    for (const socket of this.#socketByName.values()) socket.destroy();
    this.#server.close();
  }

  #read(socket: Socket, from: string | undefined): void {
    let name = from;
    socket.on("error", () => {});
    socket.on("close", () => {
      if (name !== undefined && this.#socketByName.get(name) === socket) this.#socketByName.delete(name);
      this.#changed();
    });
    socket.on("data", (bytes: Buffer) => {
      const said = this.#readOne(bytes);
      if (said?.cmd === "HELLO" && said.username !== undefined) {
        name = said.username;
        this.#socketByName.set(name, socket);
      } else if (said !== undefined) this.#take(said, name ?? "?");
      this.#changed();
    });
  }

  #readOne(bytes: Buffer): Said | undefined {
    try {
      if (bytes.length > SEED_ANSWER_BYTES_MAX) throw new Error(`${bytes.length} bytes in one read`);
      return JSON.parse(bytes.toString("utf8")) as Said;
    } catch (mistake) {
      this.mistakes.push(String(mistake));
      return undefined;
    }
  }

  #take({ cmd, username, room, content }: Said, from: string): void {
    if (cmd === "MESSAGE") this.heard.push(`${room ?? "-"} ${username}: ${content}`);
    if (cmd === "LEAVE") this.left.push(from);
  }
}

function write(socket: Socket, object: object): Promise<void> {
  return new Promise((resolve) => socket.write(JSON.stringify(object), () => resolve()));
}
