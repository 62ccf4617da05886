import { createTlsIdentity, type Link, systemClock, tcpNetwork } from "@papo/link";
import { PEER_ALPN } from "@papo/protocol";
import { DIAL_TIMEOUT_MS, linkCarrier, QUEUE_BYTES_MAX } from "./papo-transport.ts";
import { type RelayPlace, relayTicket } from "./relay-tickets.ts";
import type { Transporter } from "./transport.ts";

/** A Papo link by way of a relay. Whoever listens waits there for one link after the other, whoever dials takes them in that order. */
export async function relayedTransport(relay: RelayPlace): Promise<Transporter> {
  const network = tcpNetwork(systemClock);
  const identity = createTlsIdentity();
  let next = 1;
  const open = async (role: "client" | "server"): Promise<Link> => {
    const ticket = relayTicket(relay, next, role);
    next += 1;
    const settings = { identity, alpn: PEER_ALPN, queueBytesMax: QUEUE_BYTES_MAX, timeoutMs: DIAL_TIMEOUT_MS };
    const outcome = await network.relayed({ ...settings, host: "127.0.0.1", port: relay.port, role, ticket });
    if (!outcome.ok) throw new Error(outcome.fault.detail);
    return outcome.value;
  };
  return {
    async listen(accept) {
      const waitForNext = (): void => {
        // The last one waits in vain.
        open("server").then(
          (link) => {
            accept(linkCarrier(link));
            waitForNext();
          },
          () => undefined,
        );
      };
      waitForNext();
      return { port: relay.port };
    },
    dial: async () => linkCarrier(await open("client")),
  };
}
