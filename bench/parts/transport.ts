import type { RelayPlace } from "./relay-tickets.ts";

/** What a link benchmark needs of a way to carry messages: ours and the bare ones look the same to the load. */
export type Carrier = {
  send(payload: Uint8Array): void;
  onMessage(receive: (payload: Uint8Array) => void): void;
  /** Resolves when the queue is short. */
  drained(): Promise<void>;
  close(): void;
};

export type Transport = "papo" | "papo relayed" | "tcp batched" | "tcp unbatched" | "tls batched" | "tls unbatched";

export type Listening = { readonly port: number; readonly key?: string };

export interface Transporter {
  listen(accept: (carrier: Carrier) => void): Promise<Listening>;
  dial(to: Listening): Promise<Carrier>;
}

/** `relay` for what goes by way of one. */
export async function transporterOf(transport: Transport, relay?: RelayPlace): Promise<Transporter> {
  if (transport === "papo relayed") {
    if (relay === undefined) throw new TypeError("relayed by whom?");
    return (await import("./relayed-transport.ts")).relayedTransport(relay);
  }
  if (transport === "papo") return (await import("./papo-transport.ts")).papoTransport();
  const { bareTransport } = await import("./bare-transport.ts");
  return bareTransport({ secure: transport.startsWith("tls"), batched: transport.endsWith(" batched") });
}
