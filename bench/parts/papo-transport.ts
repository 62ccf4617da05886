import { createTlsIdentity, type Link, type LinkSettings, systemClock, tcpNetwork } from "@papo/link";
import { FRAME_KIND, PEER_ALPN, type TlsKey } from "@papo/protocol";
import type { Carrier, Transporter } from "./transport.ts";

/** Large enough that back-pressure, not the queue's limit, is what a full-speed load meets. */
export const QUEUE_BYTES_MAX = 64 * 1024 * 1024;
export const DIAL_TIMEOUT_MS = 10_000;

/** A Papo link, as peers use it: TLS 1.3 with both certificates and frames. */
export async function papoTransport(): Promise<Transporter> {
  const network = tcpNetwork(systemClock);
  const settings: LinkSettings = {
    identity: createTlsIdentity(),
    alpn: PEER_ALPN,
    queueBytesMax: QUEUE_BYTES_MAX,
  };
  return {
    async listen(accept) {
      const onLink = (link: Link) => accept(linkCarrier(link));
      const outcome = await network.listen({ ...settings, host: "127.0.0.1", port: 0, dialects: ["papo"], onLink });
      if (!outcome.ok) throw new Error(outcome.fault.detail);
      return { port: outcome.value.port, key: settings.identity.key };
    },
    async dial({ port, key }) {
      const expectedKey = key as TlsKey | undefined;
      const to = { host: "127.0.0.1", port, dialect: "papo", expectedKey, timeoutMs: DIAL_TIMEOUT_MS } as const;
      const outcome = await network.dial({ ...settings, ...to });
      if (!outcome.ok) throw new Error(outcome.fault.detail);
      return linkCarrier(outcome.value);
    },
  };
}

export function linkCarrier(link: Link): Carrier {
  return {
    send: (payload) => link.sendFrame(FRAME_KIND.bytes, payload),
    onMessage: (receive) => link.start({ message: ({ payload }) => receive(payload), closed: () => undefined }),
    drained: () => link.drained(),
    close: () => link.destroy({ code: "closed", detail: "the round is over" }),
  };
}
