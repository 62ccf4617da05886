import { once } from "node:events";
import { createServer } from "node:net";

/** Above what services use, below what systems give out by themselves: Linux from 32768 on, others from 49152 on. */
const FIRST = 15_000;
/** Processes that run at the same time have numbers near each other: each takes ports of a slice of its own. */
const SLICES = 170;
const PORTS_OF_SLICE = 100;

let taken = 0;

/**
 * A TCP port of 127.0.0.1 that is free, and that nobody else is given before the test takes it, or while what listened there is started again. A port that
 * the system gave and took back is soon another process's: then a tracker of another test answers there.
 */
export async function ownPort(): Promise<number> {
  for (;;) {
    const port = FIRST + (process.pid % SLICES) * PORTS_OF_SLICE + (taken % PORTS_OF_SLICE);
    taken += 1;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
