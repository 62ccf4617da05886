import { TICKET_BYTES } from "@papo/protocol";

/** The first byte of a connection that comes with a ticket (docs/protocol/framing.md §1). */
export const TICKET_FIRST_BYTE = 0x50;

/** What goes over the wire before anything else. */
export function ticketBytes(ticket: Uint8Array): Uint8Array {
  if (ticket.length !== TICKET_BYTES) throw new RangeError(`a ticket has ${TICKET_BYTES} bytes`);
  return Buffer.concat([Uint8Array.of(TICKET_FIRST_BYTE), ticket]);
}
