import { createServer, type Socket } from "node:net";
import { systemClock, tcpNetwork } from "@papo/link";
import { TICKET_BYTES } from "@papo/protocol";
import { startRelay } from "@papo/tracker";
import { answerQuestions, settingsOfPart, tell } from "../measure/part.ts";
import { portOf } from "./listening.ts";

// A relay, ours or a bare one; tells its port, then its memory and processor time whenever asked.

type Settings = {
  /** `pipe` joins each two that come one after the other by `socket.pipe`, whoever they are. */
  readonly kind: "papo" | "pipe";
  readonly secret: string;
  /** Whether accounts have only so much a second. */
  readonly isLimited: boolean;
};

const { kind, secret, isLimited } = settingsOfPart<Settings>();
const UNLIMITED = 1e12;
let countSockets = (): number => 0;

if (kind === "papo") await listenAsPapo();
else await listenBare();
await answerQuestions(() => countSockets());

async function listenAsPapo(): Promise<void> {
  const unlimited = {
    accountBytesPerSecond: UNLIMITED,
    accountBurstBytes: UNLIMITED,
    totalBytesPerSecond: UNLIMITED,
  };
  const network = tcpNetwork(systemClock);
  const counted: typeof network = {
    ...network,
    listen: async (options) => {
      const listener = await network.listen(options);
      if (listener.ok) countSockets = () => listener.value.openSockets;
      return listener;
    },
  };
  const relay = await startRelay({
    network: counted,
    clock: systemClock,
    host: "127.0.0.1",
    port: 0,
    secret: Buffer.from(secret, "base64"),
    log: { event: () => undefined },
    limits: isLimited ? {} : unlimited,
  });
  if (!relay.ok) throw new Error(relay.fault.detail);
  tell({ port: relay.value.port });
}

async function listenBare(): Promise<void> {
  let waiting: Socket | undefined;
  let sockets = 0;
  countSockets = () => sockets;
  const join = (socket: Socket): void => {
    if (waiting === undefined) {
      waiting = socket;
      return;
    }
    socket.pipe(waiting);
    waiting.pipe(socket);
    waiting = undefined;
  };
  const server = createServer({ noDelay: true }, (socket) => {
    sockets += 1;
    socket.on("error", () => socket.destroy());
    socket.once("close", () => (sockets -= 1));
    afterTicket(socket, () => join(socket));
  });
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: 1_024 }, resolve));
  tell({ port: portOf(server) });
}

function afterTicket(socket: Socket, done: () => void): void {
  const look = (): void => {
    if (socket.read(1 + TICKET_BYTES) === null) socket.once("readable", look);
    else done();
  };
  look();
}
