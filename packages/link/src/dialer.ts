import { type Socket, connect as connectTcp } from "node:net";
import { type TLSSocket, connect as connectTls } from "node:tls";
import { type Fault, type Outcome, fail, fault, succeed } from "@papo/protocol";
import type { Clock } from "./clock.ts";
import type { Link } from "./link.ts";
import type { DialOptions } from "./network.ts";
import { seedLink } from "./seed-link.ts";
import { endsOf } from "./socket/link-ends.ts";
import { tlsLink } from "./tls-link.ts";
import { checkChannel, groupAtDialler } from "./tls/channel-check.ts";
import { secureContextOf } from "./tls/tls-settings.ts";

/** Opens a link to somewhere. Whatever goes wrong is a value, and then no socket is left open. */
export async function dialTcp(clock: Clock, options: DialOptions): Promise<Outcome<Link>> {
  if (options.signal?.aborted === true) return fail("closed", "given up");
  return options.dialect === "papo" ? dialPapo(clock, options) : dialSeed(clock, options);
}

async function dialSeed(clock: Clock, options: DialOptions): Promise<Outcome<Link>> {
  const { host, port, queueBytesMax, readBytesMax } = options;
  const socket = connectTcp({ host, port, noDelay: true });
  const failed = await connected(clock, options, socket, "connect");
  if (failed !== undefined) return { ok: false, fault: failed };
  return succeed(seedLink(clock, { socket, ends: endsOf(socket), queueBytesMax, readBytesMax }));
}

async function dialPapo(clock: Clock, options: DialOptions): Promise<Outcome<Link>> {
  const { host, port, alpn, queueBytesMax } = options;
  const secureContext = secureContextOf(options.identity);
  const socket = connectTls({
    host,
    port,
    secureContext,
    ALPNProtocols: [alpn],
    rejectUnauthorized: false,
    // No name of anybody is sent in the clear.
    servername: "",
  });
  socket.setNoDelay(true);
  const failed = await connected(clock, options, socket, "secureConnect");
  if (failed !== undefined) return { ok: false, fault: failed };

  const security = checkFarEnd(socket, options);
  if (!security.ok) {
    socket.destroy();
    return security;
  }
  return succeed(tlsLink(clock, { socket, ends: endsOf(socket), security: security.value, queueBytesMax }));
}

function checkFarEnd(socket: TLSSocket, { alpn, expectedKey }: DialOptions): ReturnType<typeof checkChannel> {
  const security = checkChannel(socket, alpn, groupAtDialler(socket));
  if (!security.ok || expectedKey === undefined || security.value.remoteKey === expectedKey) return security;
  return fail("identity_changed", "TLS key: expected another one");
}

/** Waits until the socket is ready; destroys it and says why when it will not be. */
function connected(
  clock: Clock,
  { timeoutMs, signal }: DialOptions,
  socket: Socket,
  ready: "connect" | "secureConnect",
): Promise<Fault | undefined> {
  return new Promise((resolve) => {
    let isConnected = false;
    const settle = (reason: Fault | undefined) => {
      timer.cancel();
      signal?.removeEventListener("abort", abort);
      if (reason !== undefined) socket.destroy();
      resolve(reason);
    };
    const abort = () => settle(fault("closed", "given up"));
    const timer = clock.after(timeoutMs, () => settle(fault("timeout", `no connection in ${timeoutMs} ms`)));
    signal?.addEventListener("abort", abort, { once: true });

    socket.once("connect", () => (isConnected = true));
    socket.once(ready, () => settle(undefined));
    socket.on("error", (error: NodeJS.ErrnoException) => settle(whyNot(isConnected, error.code)));
    socket.once("close", () => settle(whyNot(isConnected, undefined)));
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
