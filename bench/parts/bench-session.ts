import { connect, type Socket } from "node:net";
import { connect as connectTls, type SecureContext } from "node:tls";
import { FRAME_HEADER_BYTES, FRAME_KIND, FrameDecoder, writeFrameHeader } from "@papo/protocol";

/** One connection of a benchmark, as bare as a client can be; bare servers and trackers cannot tell it apart. */
export type Session = {
  /** Resolves with the payload that answers; one at a time. */
  ask(payload: Buffer): Promise<Uint8Array>;
  /** What comes unasked, with the moment it came. */
  onPush: (payload: Uint8Array) => void;
  close(): void;
};

export type Place = { readonly port: number; readonly localAddress: string };

const PONG = frameOf(Buffer.from('{"cmd":"PONG"}'));
const PING = Buffer.from('"PING"');
const ANSWER = Buffer.from('"re":');
const PING_BYTES_MAX = 64;

export function frameOf(payload: Buffer): Buffer {
  const frame = Buffer.alloc(FRAME_HEADER_BYTES + payload.length);
  writeFrameHeader(frame, 0, FRAME_KIND.json, payload.length);
  payload.copy(frame, FRAME_HEADER_BYTES);
  return frame;
}

/** Over TLS with that certificate; frames of the Papo dialect. */
export function openSecure(place: Place, secureContext: SecureContext, alpn: string): Promise<Session> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      host: "127.0.0.1",
      ...place,
      secureContext,
      ALPNProtocols: [alpn],
      rejectUnauthorized: false,
      servername: "",
    });
    socket.setNoDelay(true);
    socket.once("error", reject);
    socket.once("secureConnect", () => resolve(framedSession(socket)));
  });
}

/** Over TCP; one chunk is one answer. */
export function openPlain(place: Place): Promise<Session> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", ...place, noDelay: true });
    socket.once("error", reject);
    socket.once("connect", () => resolve(plainSession(socket)));
  });
}

function framedSession(socket: Socket): Session {
  const decoder = new FrameDecoder();
  let answer: ((payload: Uint8Array) => void) | undefined;
  const session: Session = {
    onPush: () => undefined,
    ask: (payload) =>
      new Promise((resolve) => {
        answer = resolve;
        socket.write(payload);
      }),
    close: () => socket.destroy(),
  };
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    for (const scan of decoder.push(chunk)) {
      if (scan.kind !== "frame") throw new Error("the server broke the framing");
      const { payload } = scan;
      if (isPing(payload)) socket.write(PONG);
      else if (answer !== undefined && isAnswer(payload)) {
        const resolve = answer;
        answer = undefined;
        resolve(payload);
      } else session.onPush(payload);
    }
  });
  return session;
}

function plainSession(socket: Socket): Session {
  let answer: (payload: Uint8Array) => void = () => undefined;
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => answer(chunk));
  return {
    onPush: () => undefined,
    ask: (payload) =>
      new Promise((resolve) => {
        answer = resolve;
        socket.write(payload);
      }),
    close: () => socket.destroy(),
  };
}

function bufferOf(payload: Uint8Array): Buffer {
  return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
}

function isPing(payload: Uint8Array): boolean {
  return payload.length <= PING_BYTES_MAX && bufferOf(payload).includes(PING);
}

/** Bare servers fill their frames with the letter a. */
function isAnswer(payload: Uint8Array): boolean {
  return payload[0] === 97 || bufferOf(payload).subarray(0, 64).includes(ANSWER);
}
