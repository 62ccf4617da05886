import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Carrier, Listening, Transporter } from "./transport.ts";

const HEADER_BYTES = 4;

/** Bare TCP with a length before each message: the least that any chat over TCP must do. Batched: one write per turn of the loop. */
export function tcpTransport({ batched }: { readonly batched: boolean }): Transporter {
  const carrierOf = (socket: Socket) => tcpCarrier(socket.setNoDelay(true), batched ? batchedWriter : plainWriter);
  return {
    listen: (accept) =>
      new Promise<Listening>((resolve) => {
        const server = createServer((socket) => accept(carrierOf(socket)));
        server.listen(0, "127.0.0.1", () => resolve({ port: (server.address() as AddressInfo).port }));
      }),
    dial: ({ port }) =>
      new Promise<Carrier>((resolve, reject) => {
        const socket = connect({ port, host: "127.0.0.1" }, () => resolve(carrierOf(socket)));
        socket.once("error", reject);
      }),
  };
}

type Write = (payload: Uint8Array) => void;

function tcpCarrier(socket: Socket, writerOf: (socket: Socket) => Write): Carrier {
  socket.on("error", () => socket.destroy());
  return {
    send: writerOf(socket),
    onMessage: (receive) => socket.on("data", splitter(receive)),
    close: () => socket.destroy(),
  };
}

function framed(payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  frame.writeUInt32BE(payload.length, 0);
  frame.set(payload, HEADER_BYTES);
  return frame;
}

function plainWriter(socket: Socket): Write {
  return (payload) => socket.write(framed(payload));
}

function batchedWriter(socket: Socket): Write {
  let waiting: Buffer[] = [];
  const flush = () => {
    const batch = waiting;
    waiting = [];
    socket.write(batch.length === 1 && batch[0] !== undefined ? batch[0] : Buffer.concat(batch));
  };
  return (payload) => {
    if (waiting.push(framed(payload)) === 1) setImmediate(flush);
  };
}

function splitter(receive: (payload: Uint8Array) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (data.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + data.readUInt32BE(0);
      if (data.length < end) break;
      receive(data.subarray(HEADER_BYTES, end));
      data = data.subarray(end);
    }
    rest = data;
  };
}
