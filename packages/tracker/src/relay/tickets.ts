import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import {
  type AccountKey,
  type RelayTicket,
  TICKET_BYTES,
  TICKET_LIFETIME_MS,
  decodeWith,
  relayTicket,
} from "@papo/protocol";

/** Bytes of the secret that makes a ticket one of ours. */
export const TICKET_SECRET_BYTES = 32;

// What stands in a ticket, and where (docs/protocol/tracker.md §8.1). The time comes first for a reason: "POST /", "PUT /" and the other
// words of HTTP that begin like a ticket, with 0x50, are times long past here, so that no browser can be made to show one.
const EXPIRES_AT = 0;
const PAIR_AT = 4;
const PURPOSE_AT = 10;
const PAYER_AT = 11;
const MAC_AT = 16;

const PURPOSES = ["observe", "client", "server"] as const;
type Purpose = (typeof PURPOSES)[number];

/** What a ticket of ours is good for. */
export type TicketContent = {
  readonly purpose: Purpose;
  /** The two sides of one relayed link have the same. 6 bytes in hexadecimal. */
  readonly pair: string;
  /** Stands for the account whose bytes these are. 5 bytes in hexadecimal. */
  readonly payer: string;
  /** Milliseconds since 1970. */
  readonly expiresMs: number;
};

/** Makes tickets, and knows those that it, or whoever has the same secret, has made. */
export class Tickets {
  readonly #secret: Uint8Array;

  constructor(secret: Uint8Array) {
    if (secret.length !== TICKET_SECRET_BYTES) throw new RangeError(`secret: ${TICKET_SECRET_BYTES} bytes`);
    this.#secret = secret;
  }

  newPair(): string {
    return randomBytes(PURPOSE_AT - PAIR_AT).toString("hex");
  }

  /** What stands for an account in its tickets: the same in all of them, and nothing to those without the secret. */
  payerOf(account: AccountKey): string {
    return this.#mac(Buffer.from(`payer ${account}`)).toString("hex", 0, MAC_AT - PAYER_AT);
  }

  make({ purpose, pair, payer }: Omit<TicketContent, "expiresMs">, nowMs: number): RelayTicket {
    const bytes = Buffer.alloc(TICKET_BYTES);
    bytes.writeUInt32BE(Math.ceil((nowMs + TICKET_LIFETIME_MS) / 1_000), EXPIRES_AT);
    bytes.write(pair, PAIR_AT, "hex");
    bytes.writeUInt8(PURPOSES.indexOf(purpose), PURPOSE_AT);
    bytes.write(payer, PAYER_AT, "hex");
    this.#mac(bytes.subarray(0, MAC_AT)).copy(bytes, MAC_AT);
    return textOfTicket(bytes);
  }

  /** Undefined for what nobody with our secret has made. Whether it is still good is for the reader to say. */
  read(ticket: Uint8Array): TicketContent | undefined {
    if (ticket.length !== TICKET_BYTES) return undefined;
    const bytes = Buffer.from(ticket);
    const expected = this.#mac(bytes.subarray(0, MAC_AT)).subarray(0, TICKET_BYTES - MAC_AT);
    if (!timingSafeEqual(expected, bytes.subarray(MAC_AT))) return undefined;
    const purpose = PURPOSES[bytes.readUInt8(PURPOSE_AT)];
    if (purpose === undefined) return undefined;
    return {
      purpose,
      pair: bytes.toString("hex", PAIR_AT, PURPOSE_AT),
      payer: bytes.toString("hex", PAYER_AT, MAC_AT),
      expiresMs: bytes.readUInt32BE(EXPIRES_AT) * 1_000,
    };
  }

  #mac(bytes: Uint8Array): Buffer {
    return createHmac("sha256", this.#secret).update(bytes).digest();
  }
}

/** A ticket as it is written in messages. */
export function textOfTicket(ticket: Uint8Array): RelayTicket {
  const decoded = decodeWith(relayTicket, Buffer.from(ticket).toString("base64url"));
  if (!decoded.ok) throw new TypeError("a ticket does not read back");
  return decoded.value;
}
