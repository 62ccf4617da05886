import { type Socket, connect } from "node:net";
import { openServer } from "./tcp.ts";

export type Way = "up" | "down";

/** What becomes of the bytes of one direction: `offset` counts from the connection's first byte. Null ends the stream there. */
export type Tamper = (way: Way, chunk: Buffer, offset: number) => Buffer | null;

export type TamperingProxy = AsyncDisposable & {
  readonly port: number;
  /** What passed, after tampering. */
  readonly passed: Record<Way, Buffer[]>;
};

/** Stands between two ends of one connection at a time and changes what passes. `up` is towards the listener. */
export async function openTamperingProxy(targetPort: number, tamper: Tamper): Promise<TamperingProxy> {
  const passed: Record<Way, Buffer[]> = { up: [], down: [] };
  const server = await openServer((client) => {
    const target = connect({ port: targetPort, host: "127.0.0.1", noDelay: true });
    client.setNoDelay(true);
    pass("up", client, target);
    pass("down", target, client);
  });

  function pass(way: Way, from: Socket, to: Socket): void {
    let offset = 0;
    from.on("error", () => to.destroy());
    from.on("end", () => to.end());
    from.on("data", (chunk: Buffer) => {
      const changed = tamper(way, chunk, offset);
      offset += chunk.length;
      if (changed === null) {
        from.destroy();
        return void to.end();
      }
      passed[way].push(changed);
      if (!to.destroyed) to.write(changed);
    });
  }
  return { port: server.port, passed, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Cuts a TLS stream into its records; what is left over is an unfinished one. */
export function recordsOf(bytes: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let at = 0;
  while (at + 5 <= bytes.length) {
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    if (end > bytes.length) break;
    records.push(bytes.subarray(at, end));
    at = end;
  }
  return records;
}
