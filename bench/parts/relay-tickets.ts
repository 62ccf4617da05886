import { Tickets } from "../../packages/tracker/src/relay/tickets.ts";

/** A relay and what makes its tickets, the secret in base64. */
export type RelayPlace = { readonly port: number; readonly secret: string };

type Side = "client" | "server";

/** The tickets of both sides of the pair of that number. `payer` of each is an account of its own unless told otherwise. */
export function relayTicket({ secret }: RelayPlace, number: number, side: Side): Buffer {
  const hex = (value: number, bytes: number) => value.toString(16).padStart(2 * bytes, "0");
  const content = { purpose: side, pair: hex(number, 6), payer: hex(2 * number + (side === "client" ? 1 : 0), 5) };
  const ticket = new Tickets(Buffer.from(secret, "base64")).make(content, Date.now());
  return Buffer.from(ticket, "base64url");
}
