import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Outcome, fail, succeed } from "@papo/protocol";
import type { Clock } from "./clock.ts";
import { connected } from "./connecting.ts";
import type { Link } from "./link.ts";
import type { DialOptions } from "./network.ts";
import { seedLink } from "./seed-link.ts";
import { endsOf } from "./socket/link-ends.ts";
import { clientRole, linkOfClient } from "./tls/client-role.ts";

/** Opens a link to somewhere. Whatever goes wrong is a value, and then no socket is left open. */
export async function dialTcp(clock: Clock, options: DialOptions): Promise<Outcome<Link>> {
  if (options.signal?.aborted === true) return fail("closed", "given up");
  return options.dialect === "papo" ? dialPapo(clock, options) : dialSeed(clock, options);
}

async function dialSeed(clock: Clock, options: DialOptions): Promise<Outcome<Link>> {
  const { host, port, queueBytesMax, readBytesMax } = options;
  const socket = connectTcp({ host, port, noDelay: true });
  const failed = await connected(clock, options, socket, "connect");
  if (failed !== undefined) return { ok: false, fault: failed.fault };
  return succeed(seedLink(clock, { socket, ends: endsOf(socket), queueBytesMax, readBytesMax }));
}

async function dialPapo(clock: Clock, options: DialOptions): Promise<Outcome<Link>> {
  const { host, port } = options;
  const socket = connectTls({ host, port, ...clientRole(options) });
  socket.setNoDelay(true);
  const failed = await connected(clock, options, socket, "secureConnect");
  if (failed !== undefined) return { ok: false, fault: failed.fault };
  return linkOfClient(clock, socket, endsOf(socket), options);
}
