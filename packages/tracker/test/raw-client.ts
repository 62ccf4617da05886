import { once } from "node:events";
import { type Socket, connect } from "node:net";

/** Looked at field by field. */
type Heard = ReturnType<typeof JSON.parse>;

/** Bytes out, objects in: a client on a real socket that may say anything. */
export class RawClient {
  readonly socket: Socket;
  readonly chunks: string[] = [];
  readonly #inbox: Heard[] = [];
  #partial = "";
  #isEnded = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.#take(text));
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#isEnded = true;
      this.#wake();
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    await once(socket, "connect");
    return new RawClient(socket);
  }

  #take(text: string): void {
    this.chunks.push(text);
    this.#partial += text;
    // Ours writes one object at a time, so whatever parses is one.
    try {
      this.#inbox.push(JSON.parse(this.#partial));
      this.#partial = "";
    } catch {
      return;
    }
    this.#wake();
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  say(message: object): void {
    this.write(JSON.stringify(message));
  }

  async hear(): Promise<Heard> {
    while (this.#inbox.length === 0) {
      if (this.#isEnded) throw new Error("the tracker closed the connection");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#inbox.shift();
  }

  async ask(message: object): Promise<Heard> {
    this.say(message);
    return this.hear();
  }

  async ended(): Promise<Heard[]> {
    while (!this.#isEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#inbox.splice(0);
  }
}
