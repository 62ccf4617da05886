import type { LineStream } from "@papo/link";
import type { PeerApi } from "@papo/peer/api";
import { API_ANSWERS_UNREAD_CHARS_MAX, API_REQUESTS_AHEAD_MAX } from "@papo/protocol";
import { errorLine, readRequest, resultLine, RPC_ERROR, type RpcRequest } from "./json-rpc.ts";
import { BAD_PARAMS } from "./method.ts";
import { METHODS } from "./methods.ts";
import { NO_METHOD, NO_TEXT, TOO_LONG } from "./refusals.ts";

/**
 * One program at the socket. What it asks is read no faster than it is answered, and than the answers are taken: the rest waits in its own writes. Once it has said
 * all (`nc -N`) it gets the answers to that, and its end; one that listens goes on listening.
 */
export class ApiProgram {
  readonly #stream: LineStream;
  readonly #peer: PeerApi;
  #isSubscribed = false;
  #hasSaidAll = false;
  #underWay = 0;

  constructor(stream: LineStream, peer: PeerApi) {
    this.#stream = stream;
    this.#peer = peer;
    stream.onDrain(() => this.#readOn());
    stream.listen({
      line: (text) => this.#take(text),
      unreadable: (why) => this.#misread(why),
      ended: () => {
        this.#hasSaidAll = true;
        this.#endWhenDone();
      },
    });
  }

  get isSubscribed(): boolean {
    return this.#isSubscribed;
  }

  /** It asks nothing more; whether anybody still reads shows only when something is written. */
  get onlyListens(): boolean {
    return this.#hasSaidAll && this.#isSubscribed && this.#underWay === 0;
  }

  tell(line: string): void {
    this.#stream.write(line);
  }

  close(): void {
    this.#stream.close();
  }

  #take(line: string): void {
    if (line.trim() === "") return;
    // Whoever writes ten thousand at once holds up neither the screen nor others: one at each turn of the loop, and with it it is known how long its answer was.
    this.#stream.pause();
    setImmediate(() => this.#readOn());
    const request = readRequest(line);
    if (!request.ok) {
      const code = request.fault.code === "not_json" ? RPC_ERROR.notJson : RPC_ERROR.badRequest;
      return this.tell(errorLine(null, code, request.fault));
    }
    this.#underWay += 1;
    void this.#answer(request.value).finally(() => this.#answered());
  }

  #misread(why: "bad_text" | "frame_too_large"): void {
    this.tell(errorLine(null, RPC_ERROR.notJson, why === "bad_text" ? NO_TEXT : TOO_LONG));
    if (why === "frame_too_large") this.#stream.end();
  }

  #readOn(): void {
    const mayAsk = this.#underWay < API_REQUESTS_AHEAD_MAX && this.#stream.backlogChars <= API_ANSWERS_UNREAD_CHARS_MAX;
    if (mayAsk) this.#stream.resume();
  }

  #answered(): void {
    this.#underWay -= 1;
    this.#readOn();
    this.#endWhenDone();
  }

  #endWhenDone(): void {
    if (this.#hasSaidAll && this.#underWay === 0 && !this.#isSubscribed) this.#stream.end();
  }

  async #answer({ id, method, params }: RpcRequest): Promise<void> {
    if (method === "subscribe" || method === "unsubscribe") {
      this.#isSubscribed = method === "subscribe";
      return this.tell(resultLine(id, null));
    }
    const run = METHODS.get(method);
    if (run === undefined) return this.tell(errorLine(id, RPC_ERROR.noMethod, NO_METHOD));
    const outcome = await run(this.#peer, params);
    if (outcome.ok) return this.tell(resultLine(id, outcome.value));
    const code = outcome.fault.code === BAD_PARAMS ? RPC_ERROR.badParams : RPC_ERROR.refused;
    this.tell(errorLine(id, code, outcome.fault));
  }
}
