import type { LineStream } from "@papo/link";
import type { PeerApi } from "@papo/peer/api";
import { decodeWith, type Fault, FAULTS, type FaultCode, type Outcome, succeed } from "@papo/protocol";
import * as v from "valibot";
import { readAnswer, requestLine, type RpcAnswer } from "./json-rpc.ts";
import { METHODS } from "./methods.ts";
import { HAS_ENDED, NO_METHOD, NOT_TAKEN } from "./refusals.ts";
import { toldEvent } from "./told-event.ts";

/** The methods of docs/socket.md, of the Papo that runs or of an engine that was opened for it. */
export interface ApiClient {
  call(method: string, params: object): Promise<Outcome<unknown>>;
  /** From now on; `in` says of messages where they were said. */
  subscribe(listener: (event: ToldEvent) => void): Promise<Outcome<unknown>>;
  /** Resolves when nobody answers any more. */
  readonly closed: Promise<void>;
  close(): void;
}

export type ToldEvent = Readonly<Record<string, unknown>> & { readonly kind: string };

/** An engine of this process. */
export class OwnEngine implements ApiClient {
  readonly closed = new Promise<void>(() => {});
  readonly #peer: PeerApi;

  constructor(peer: PeerApi) {
    this.#peer = peer;
  }

  async call(method: string, params: object): Promise<Outcome<unknown>> {
    return (await METHODS.get(method)?.(this.#peer, params)) ?? { ok: false, fault: NO_METHOD };
  }

  subscribe(listener: (event: ToldEvent) => void): Promise<Outcome<unknown>> {
    this.#peer.subscribe((event) => {
      const told = toldEvent(this.#peer, event);
      if (isEvent(told)) listener(told);
    });
    return Promise.resolve(succeed(null));
  }

  close(): void {}
}

/** A Papo that runs, at its socket. */
export class RunningPapo implements ApiClient {
  readonly closed: Promise<void>;
  readonly #stream: LineStream;
  readonly #waiting = new Map<number, (outcome: Outcome<unknown>) => void>();
  #listener: ((event: ToldEvent) => void) | undefined;
  #lastId = 0;
  #end: Fault | undefined;

  constructor(stream: LineStream) {
    this.#stream = stream;
    this.closed = stream.closed;
    stream.listen({ line: (text) => this.#take(text), unreadable: () => stream.close() });
    void stream.closed.then(() => this.#lost(HAS_ENDED));
  }

  call(method: string, params: object): Promise<Outcome<unknown>> {
    if (this.#end !== undefined) return Promise.resolve({ ok: false, fault: this.#end });
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#stream.write(requestLine(id, method, params));
    });
  }

  subscribe(listener: (event: ToldEvent) => void): Promise<Outcome<unknown>> {
    this.#listener = listener;
    return this.call("subscribe", {});
  }

  close(): void {
    this.#stream.end();
  }

  #take(line: string): void {
    const answer = readAnswer(line);
    if (!answer.ok) return this.#stream.close();
    if ("method" in answer.value) {
      if (isEvent(answer.value.params)) this.#listener?.(answer.value.params);
      return;
    }
    const outcome = outcomeOf(answer.value);
    // What answers no request of ours refuses us as a whole.
    if (answer.value.id === null && !outcome.ok) return this.#lost(outcome.fault);
    if (typeof answer.value.id !== "number") return;
    const resolve = this.#waiting.get(answer.value.id);
    this.#waiting.delete(answer.value.id);
    resolve?.(outcome);
  }

  #lost(why: Fault): void {
    this.#end ??= why;
    for (const resolve of this.#waiting.values()) resolve({ ok: false, fault: this.#end });
    this.#waiting.clear();
  }
}

function outcomeOf(answer: Exclude<RpcAnswer, { method: string }>): Outcome<unknown> {
  if ("result" in answer) return succeed(answer.result);
  const fault = decodeWith(refusal, answer.error.data);
  return fault.ok ? { ok: false, fault: fault.value } : { ok: false, fault: NOT_TAKEN };
}

const refusal = v.object({
  code: v.custom<FaultCode>((code) => typeof code === "string" && Object.hasOwn(FAULTS, code)),
  detail: v.string(),
}) satisfies v.GenericSchema<unknown, Fault>;

function isEvent(value: object): value is ToldEvent {
  return "kind" in value && typeof value.kind === "string";
}
