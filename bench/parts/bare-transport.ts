import { connect, createServer, type Server, type Socket } from "node:net";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import { createTlsIdentity } from "@papo/link";
import { frameSplitter, HEADER_BYTES, writeHeader } from "./bare-frames.ts";
import { BARE_ALPN, bareServerSettings, clientContext } from "./bare-tls.ts";
import { portOf } from "./listening.ts";
import type { Carrier, Listening, Transporter } from "./transport.ts";

export type BareSettings = { readonly secure: boolean; readonly batched: boolean };

/**
 * A bare connection with a length before each message: the least that any chat over it must do. Secure: as `node:tls` gives it,
 * with our settings and a certificate on both sides, and nothing checked. Batched: what is sent within one tick leaves together.
 */
export function bareTransport({ secure, batched }: BareSettings): Transporter {
  const carrierOf = (socket: Socket) => bareCarrier(socket.setNoDelay(true), batched ? batchedWriter : plainWriter);
  const identity = createTlsIdentity();
  const serve = (take: (socket: Socket) => void): Server =>
    secure ? createTlsServer(bareServerSettings(identity), take) : createServer(take);
  const secureContext = clientContext(identity);
  const tls = { secureContext, ALPNProtocols: [BARE_ALPN], rejectUnauthorized: false, servername: "" };
  return {
    listen: (accept) =>
      new Promise<Listening>((resolve) => {
        const server = serve((socket) => accept(carrierOf(socket)));
        server.listen(0, "127.0.0.1", () => resolve({ port: portOf(server) }));
      }),
    dial: ({ port }) =>
      new Promise<Carrier>((resolve, reject) => {
        const to = { port, host: "127.0.0.1" };
        const ready = () => resolve(carrierOf(socket));
        const socket = secure ? connectTls({ ...to, ...tls }, ready) : connect(to, ready);
        socket.once("error", reject);
      }),
  };
}

type Write = (payload: Uint8Array) => void;

function bareCarrier(socket: Socket, writerOf: (socket: Socket) => Write): Carrier {
  socket.on("error", () => socket.destroy());
  return {
    send: writerOf(socket),
    onMessage: (receive) => socket.on("data", frameSplitter(receive)),
    drained: () => drained(socket),
    close: () => socket.destroy(),
  };
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.writableNeedDrain) socket.once("drain", resolve);
    else setImmediate(resolve);
  });
}

function plainWriter(socket: Socket): Write {
  return (payload) => {
    const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
    writeHeader(frame, 0, payload.length);
    frame.set(payload, HEADER_BYTES);
    socket.write(frame);
  };
}

/** What is longer is handed over where it is, together with the rest in one gathering write. */
const COPIED_BYTES_MAX = 4_096;
const BATCH_BYTES = 65_536;

function batchedWriter(socket: Socket): Write {
  let batch = Buffer.allocUnsafeSlow(BATCH_BYTES);
  let used = 0;
  let from = 0;
  let isScheduled = false;
  const spare: Buffer<ArrayBuffer>[] = [];
  const push = () => {
    if (used > from) socket.write(batch.subarray(from, used));
    from = used;
  };
  const makeRoom = (bytes: number) => {
    if (used + bytes <= BATCH_BYTES) return;
    push();
    const full = batch;
    // Writes finish in order: once an empty one is through, so is all that the buffer holds.
    socket.write("", () => spare.push(full));
    batch = spare.pop() ?? Buffer.allocUnsafeSlow(BATCH_BYTES);
    used = 0;
    from = 0;
  };
  const flush = () => {
    isScheduled = false;
    push();
    socket.uncork();
  };
  return (payload) => {
    if (!isScheduled) {
      isScheduled = true;
      socket.cork();
      process.nextTick(flush);
    }
    const isCopied = payload.length <= COPIED_BYTES_MAX;
    makeRoom(HEADER_BYTES + (isCopied ? payload.length : 0));
    writeHeader(batch, used, payload.length);
    used += HEADER_BYTES;
    if (isCopied) {
      batch.set(payload, used);
      used += payload.length;
      return;
    }
    push();
    // The chunk that a received payload lies in is not reused, so it may be sent on as it is.
    socket.write(payload);
  };
}
