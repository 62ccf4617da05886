// A program for the machines of the laboratory: plain TCP and multicast, a line of output for each thing that happened. See topologies.test.ts.
import { createSocket } from "node:dgram";
import { randomInt } from "node:crypto";
import { connect, createServer, type Socket } from "node:net";

const PUNCH_FOR_MS = 1_500;
const RETRY_MS = 10;
/** For use within a network (RFC 2365 §6.1). */
const GROUP = "239.255.0.1";

const [, , mode, host = "", port = "0", number = "1"] = process.argv;

const modes: Readonly<Record<string, () => void | Promise<void>>> = {
  /** Says who came. */
  listen: () => {
    const server = createServer((socket) => {
      say(`from ${socket.remoteAddress} ${socket.remotePort}`);
      socket.on("error", () => {});
      socket.end();
    });
    server.listen(Number(port), host, () => say("listening"));
  },
  /** Says who is heard at the group. */
  hear: () => {
    const socket = createSocket({ type: "udp4", reuseAddr: true });
    socket.on("message", (_, from) => say(`heard ${from.address}`));
    socket.bind(Number(port), () => {
      socket.addMembership(GROUP, host);
      say("listening");
    });
  },
  shout: () => {
    const socket = createSocket("udp4");
    socket.bind(0, host, () => {
      socket.setMulticastInterface(host);
      socket.send("hello", Number(port), GROUP, () => socket.close());
    });
  },
  dial: async () => say(await dialled()),
  /** Tells each two that come where the other is seen. */
  introduce: () => {
    let waiting: Socket | undefined;
    const server = createServer((socket) => {
      socket.on("error", () => {});
      if (waiting === undefined) {
        waiting = socket;
        return;
      }
      socket.write(seen(waiting));
      waiting.write(seen(socket));
      waiting = undefined;
    });
    server.listen(Number(port), host, () => say("listening"));
  },
  /** Meets the other at an introducer and opens towards it, as often as asked. */
  punch: async () => {
    for (let round = 0; round < Number(number); round += 1) say(await punched());
    say("done");
  },
};

await modes[mode ?? ""]?.();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function seen({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}\n`;
}

function dialled(): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: Number(number) });
    socket.once("connect", () => finish("connected"));
    socket.once("error", (error: NodeJS.ErrnoException) => finish(`failed ${error.code}`));
    socket.once("timeout", () => finish("failed silence"));
    const finish = (how: string): void => {
      socket.destroy();
      resolve(how);
    };
  });
}

/** `connected MS`, or `failed`. */
async function punched(): Promise<string> {
  const localPort = randomInt(20_000, 30_000);
  const rendezvous = connect({ host, port: Number(port), localPort });
  const [address = "", at] = (await line(rendezvous)).split(" ");
  const started = performance.now();
  const end = await openTowards({ host: address, port: Number(at), localPort }, started + PUNCH_FOR_MS);
  const tookMs = performance.now() - started;
  if (end !== undefined) {
    end.write("hello\n");
    await line(end);
    // Both have heard each other before either ends.
    end.end();
  }
  rendezvous.destroy();
  return end === undefined ? "failed" : `connected ${tookMs.toFixed(1)}`;
}

type Way = { readonly host: string; readonly port: number; readonly localPort: number };

async function openTowards(way: Way, until: number): Promise<Socket | undefined> {
  while (performance.now() < until) {
    const socket = await opened(way, until - performance.now());
    if (socket !== undefined) return socket;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return undefined;
}

function opened(way: Way, leftMs: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(way);
    const timer = setTimeout(() => finish(undefined), leftMs);
    const finish = (result: Socket | undefined): void => {
      clearTimeout(timer);
      if (result === undefined) socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => finish(socket));
    socket.on("error", () => finish(undefined));
  });
}

/** The next line of the other end. */
function line(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = "";
    socket.on("data", (piece: Buffer) => {
      heard += piece.toString("utf8");
      if (heard.includes("\n")) resolve(heard.slice(0, heard.indexOf("\n")));
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed")));
  });
}
