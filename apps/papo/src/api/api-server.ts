import { type LineStream, listenLocally, type LocalListener } from "@papo/link";
import type { PeerApi, PeerEvent } from "@papo/peer/api";
import {
  API_BACKLOG_BYTES_MAX,
  API_CLIENTS_MAX,
  API_REQUEST_BYTES_MAX,
  API_REQUESTS_AHEAD_MAX,
  type Username,
} from "@papo/protocol";
import { apiPath } from "./api-path.ts";
import { errorLine, eventLine, readRequest, resultLine, RPC_ERROR, type RpcRequest } from "./json-rpc.ts";
import { BAD_PARAMS } from "./method.ts";
import { METHODS } from "./methods.ts";
import { NO_METHOD } from "./refusals.ts";
import { toldEvent } from "./told-event.ts";

/**
 * Lets other programs of this user work with the account that is open here: a socket in the profile, one for each account, as long as it is logged in.
 * Where none can be made the screens go on without it. docs/socket.md
 */
export class ApiServer {
  readonly #peer: PeerApi;
  readonly #profile: string;
  readonly #clients = new Set<Client>();
  readonly #unsubscribe: () => void;
  #account: Username | undefined;
  #listener: Promise<LocalListener | undefined> = Promise.resolve(undefined);

  constructor(peer: PeerApi, profile: string) {
    this.#peer = peer;
    this.#profile = profile;
    this.#unsubscribe = peer.subscribe((event) => this.#happens(event));
    this.#follow();
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    await (await this.#listener)?.close();
  }

  #happens(event: PeerEvent): void {
    this.#follow();
    const listeners = [...this.#clients].filter(({ isSubscribed }) => isSubscribed);
    if (listeners.length === 0) return;
    const line = eventLine(toldEvent(this.#peer, event));
    for (const client of listeners) client.tell(line);
  }

  /** An account that is logged in has a socket; another one has another. */
  #follow(): void {
    const { self } = this.#peer;
    if (self === this.#account) return;
    this.#account = self;
    const before = this.#listener;
    this.#listener = before.then(async (listener) => {
      await listener?.close();
      return self === undefined || self !== this.#account ? undefined : this.#listen(self);
    });
  }

  async #listen(self: Username): Promise<LocalListener | undefined> {
    const path = apiPath(this.#profile, self);
    if (path === undefined) return undefined;
    const options = { lineBytesMax: API_REQUEST_BYTES_MAX, backlogBytesMax: API_BACKLOG_BYTES_MAX };
    const opened = await listenLocally(path, options, (stream) => this.#accept(stream));
    return opened.ok ? opened.value : undefined;
  }

  #accept(stream: LineStream): void {
    if (this.#clients.size >= API_CLIENTS_MAX) return stream.close();
    const client = new Client(stream, this.#peer);
    this.#clients.add(client);
    void stream.closed.then(() => this.#clients.delete(client));
  }
}

/** One program at the socket. */
class Client {
  readonly #stream: LineStream;
  readonly #peer: PeerApi;
  #isSubscribed = false;
  #underWay = 0;

  constructor(stream: LineStream, peer: PeerApi) {
    this.#stream = stream;
    this.#peer = peer;
    stream.onLine((line) => this.#take(line));
  }

  get isSubscribed(): boolean {
    return this.#isSubscribed;
  }

  tell(line: string): void {
    this.#stream.write(line);
  }

  #take(line: string): void {
    if (line.trim() === "") return;
    const request = readRequest(line);
    if (!request.ok) {
      const code = request.fault.code === "not_json" ? RPC_ERROR.notJson : RPC_ERROR.badRequest;
      return this.tell(errorLine(null, code, request.fault));
    }
    if (this.#underWay >= API_REQUESTS_AHEAD_MAX) return this.#stream.close();
    this.#underWay += 1;
    void this.#answer(request.value).finally(() => (this.#underWay -= 1));
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
