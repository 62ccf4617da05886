import type { Socket } from "node:net";
import { type Fault, fault } from "@papo/protocol";
import type { Clock } from "./clock.ts";

export type Patience = { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined };

/** `code` is the system's own word, where it said one. */
export type NotConnected = { readonly fault: Fault; readonly code: string | undefined };

/** Waits until the socket is ready; destroys it and says why when it will not be. */
export function connected(
  clock: Clock,
  { timeoutMs, signal }: Patience,
  socket: Socket,
  ready: "connect" | "secureConnect",
): Promise<NotConnected | undefined> {
  return new Promise((resolve) => {
    let isConnected = !socket.connecting;
    const settle = (reason: NotConnected | undefined) => {
      timer.cancel();
      signal?.removeEventListener("abort", abort);
      if (reason !== undefined) socket.destroy();
      resolve(reason);
    };
    const abort = () => settle({ fault: fault("closed", "given up"), code: undefined });
    const late = () => settle({ fault: fault("timeout", `no connection in ${timeoutMs} ms`), code: undefined });
    const timer = clock.after(timeoutMs, late);
    signal?.addEventListener("abort", abort, { once: true });

    socket.once("connect", () => (isConnected = true));
    socket.once(ready, () => settle(undefined));
    socket.on("error", ({ code }: NodeJS.ErrnoException) => settle({ fault: whyNot(isConnected, code), code }));
    socket.once("close", () => settle({ fault: whyNot(isConnected, undefined), code: undefined }));
  });
}

/** Nobody there, or somebody who does not speak our TLS: an original program, say. */
function whyNot(isConnected: boolean, code: string | undefined): Fault {
  const why = code ?? "closed";
  if (isConnected) return fault("unsupported", `no Papo TLS there: ${why}`);
  const socket = SOCKET_ANSWERS.get(why);
  return { ...fault("unreachable", `cannot connect: ${why}`), ...(socket === undefined ? {} : { socket }) };
}

const SOCKET_ANSWERS: ReadonlyMap<string, "refused" | "no-route"> = new Map([
  ["ECONNREFUSED", "refused"],
  ["ENETUNREACH", "no-route"],
  ["EADDRNOTAVAIL", "no-route"],
  ["EAFNOSUPPORT", "no-route"],
]);
