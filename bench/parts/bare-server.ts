import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { createTlsIdentity } from "@papo/link";
import { answerQuestions, settingsOfPart, tell } from "../measure/part.ts";
import { bareServerSettings } from "./bare-tls.ts";
import { portOf } from "./listening.ts";

// What the system and OpenSSL cost by themselves: answers each chunk that arrives with so many bytes, or sends so many to
// everybody else first.

type Settings = {
  readonly secure: boolean;
  /** To a connection's first request. */
  readonly loginBytes: number;
  /** To the others, in turn. */
  readonly answerBytes: readonly number[];
  /** In turn; empty for servers that tell nobody. */
  readonly fanOutBytes: readonly number[];
};

const { secure, loginBytes, answerBytes, fanOutBytes } = settingsOfPart<Settings>();
const loginAnswer = frameOf(loginBytes);
const answers = answerBytes.map(frameOf);
const pushes = fanOutBytes.map(frameOf);
const sockets = new Set<Socket>();

/** A whole frame of so many bytes, header included, of a kind that needs no reading. */
function frameOf(bytes: number): Buffer {
  const frame = Buffer.alloc(bytes, 97);
  frame.writeUInt32BE(bytes - 4, 0);
  frame[4] = 0;
  return frame;
}

function take(socket: Socket): void {
  let answered = 0;
  socket.setNoDelay(true);
  sockets.add(socket);
  socket.on("error", () => socket.destroy());
  socket.once("close", () => sockets.delete(socket));
  socket.on("data", () => {
    if (answered === 0) socket.write(loginAnswer);
    else answer(socket, answered - 1);
    answered += 1;
  });
}

function answer(socket: Socket, index: number): void {
  const push = pushes[index % pushes.length];
  const frame = answers[index % answers.length];
  if (push !== undefined) for (const other of sockets) if (other !== socket) other.write(push);
  if (frame !== undefined) socket.write(frame);
}

const server: Server = secure ? createTlsServer(bareServerSettings(createTlsIdentity()), take) : createServer(take);
server.listen({ port: 0, host: "127.0.0.1", backlog: 1_024 }, () => tell({ port: portOf(server) }));
await answerQuestions(() => sockets.size);
