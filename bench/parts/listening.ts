import type { Server } from "node:net";

/** The port that the system chose for a server that listens. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("not listening on a port");
  return address.port;
}
