import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Fault, type Outcome, fail, fault } from "@papo/protocol";
import { type Patience, connected } from "../connecting.ts";
import type { Link } from "../link.ts";
import type { TlsRole } from "../network.ts";
import { dialectOf } from "../sniff.ts";
import { endsOf } from "../socket/link-ends.ts";
import { type ClientSettings, clientRole, linkOfClient } from "../tls/client-role.ts";
import type { TcpParts } from "./tcp-parts.ts";

export type RoleOptions = ClientSettings & Patience & { readonly role: TlsRole };

/** Our TLS on a socket that we opened ourselves, with the part that we were given in it. Without a link the socket is gone. */
export async function linkInRole(parts: TcpParts, socket: Socket, options: RoleOptions): Promise<Outcome<Link>> {
  if (options.signal?.aborted === true) {
    socket.destroy();
    return fail("closed", "given up");
  }
  return options.role === "client" ? asClient(parts, socket, options) : asServer(parts, socket, options);
}

async function asClient({ clock }: TcpParts, socket: Socket, options: RoleOptions): Promise<Outcome<Link>> {
  const ends = endsOf(socket);
  const secure = connectTls({ socket, ...clientRole(options) });
  const failed = await connected(clock, options, secure, "secureConnect");
  if (failed === undefined) return linkOfClient(clock, secure, ends, options);
  // OpenSSL complains only of what it has read.
  const hasSpoken = failed.code?.startsWith("ERR_SSL_") === true;
  return { ok: false, fault: hasSpoken ? failed.fault : orNobody(failed.fault) };
}

function asServer(parts: TcpParts, socket: Socket, options: RoleOptions): Promise<Outcome<Link>> {
  const { signal, timeoutMs, queueBytesMax, expectedKey } = options;
  return new Promise((resolve) => {
    const settle = (outcome: Outcome<Link>) => {
      timer.cancel();
      signal?.removeEventListener("abort", abort);
      if (!outcome.ok) socket.destroy();
      resolve(outcome);
    };
    const abort = () => settle(fail("closed", "given up"));
    const timer = parts.clock.after(timeoutMs, () => settle(fail("timeout", `no connection in ${timeoutMs} ms`)));
    signal?.addEventListener("abort", abort, { once: true });

    const ends = endsOf(socket);
    const gone = () => settle({ ok: false, fault: orNobody(fault("unsupported", "closed")) });
    socket.once("close", gone);
    socket.once("readable", () => {
      const first: unknown = socket.read();
      if (!(first instanceof Uint8Array)) return;
      if (dialectOf(first[0] ?? 0) !== "papo") return settle(fail("unsupported", "no Papo TLS there"));
      socket.unshift(first);
      socket.off("close", gone);
      parts.handshakes(options).begin({ socket, ends, queueBytesMax, expectedKey, settle });
    });
  });
}

/** Who ends a connection before a word has not refused to speak: there is nobody, or nobody any more. */
function orNobody(reason: Fault): Fault {
  return reason.code === "unsupported" ? fault("unreachable", "the connection ended before a word") : reason;
}
