import { type LineStream, listenLocally, type LocalListener } from "@papo/link";
import type { PeerApi, PeerEvent } from "@papo/peer/api";
import { API_BACKLOG_CHARS_MAX, API_CLIENTS_MAX, API_REQUEST_BYTES_MAX, type Username } from "@papo/protocol";
import { apiPath } from "./api-path.ts";
import { ApiProgram } from "./api-program.ts";
import { errorLine, eventLine, RPC_ERROR } from "./json-rpc.ts";
import { TOO_MANY } from "./refusals.ts";
import { toldEvent } from "./told-event.ts";

/**
 * Lets other programs of this user work with the account that is open here: a socket in the profile, one for each account, as long as it is logged in.
 * Where none can be made the screens go on without it. docs/socket.md
 */
export class ApiServer {
  readonly #peer: PeerApi;
  readonly #profile: string;
  readonly #programs = new Set<ApiProgram>();
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
    const listeners = [...this.#programs].filter(({ isSubscribed }) => isSubscribed);
    if (listeners.length === 0) return;
    const line = eventLine(toldEvent(this.#peer, event));
    for (const program of listeners) program.tell(line);
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
    const options = { lineBytesMax: API_REQUEST_BYTES_MAX, backlogCharsMax: API_BACKLOG_CHARS_MAX };
    const opened = await listenLocally(path, options, (stream) => this.#accept(stream));
    return opened.ok ? opened.value : undefined;
  }

  #accept(stream: LineStream): void {
    if (this.#programs.size >= API_CLIENTS_MAX && !this.#makeRoom()) {
      stream.write(errorLine(null, RPC_ERROR.refused, TOO_MANY));
      return stream.end();
    }
    const program = new ApiProgram(stream, this.#peer);
    this.#programs.add(program);
    void stream.closed.then(() => this.#programs.delete(program));
  }

  /** One that only listens and will say nothing more may be gone without our knowing: the oldest such makes room. */
  #makeRoom(): boolean {
    const silent = [...this.#programs].find(({ onlyListens }) => onlyListens);
    if (silent === undefined) return false;
    silent.close();
    return this.#programs.delete(silent);
  }
}
