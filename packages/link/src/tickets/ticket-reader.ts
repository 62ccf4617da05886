import type { Socket } from "node:net";
import { TICKET_BYTES, TICKET_READ_TIMEOUT_MS } from "@papo/protocol";
import type { Clock } from "../clock.ts";
import { endsOf } from "../socket/link-ends.ts";
import { SocketCaller } from "./socket-caller.ts";

const GREETING_BYTES = 1 + TICKET_BYTES;

/**
 * Reads the ticket of a connection whose first byte announced one and was put back. What comes behind it stays in the socket.
 * Who takes too long or ends too early is closed.
 */
export function readTicket(clock: Clock, socket: Socket, onTicket: (caller: SocketCaller) => void): void {
  const ends = endsOf(socket);
  const timer = clock.after(TICKET_READ_TIMEOUT_MS, () => socket.destroy());
  const read = (): void => {
    // Gives nothing until so much is there, or less of it at the end.
    const greeting: unknown = socket.read(GREETING_BYTES);
    if (!(greeting instanceof Uint8Array)) return;
    timer.cancel();
    socket.off("readable", read);
    if (greeting.length < GREETING_BYTES) return void socket.destroy();
    onTicket(new SocketCaller(socket, ends, Uint8Array.from(greeting.subarray(1))));
  };
  socket.once("close", () => timer.cancel());
  socket.on("readable", read);
  read();
}
