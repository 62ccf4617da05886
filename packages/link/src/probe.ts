import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { TRACKER_ALPN } from "@papo/protocol";
import type { Clock } from "./clock.ts";

/** Who answers at a place where a Papo tracker was expected. Texts are as they came: not safe to show. */
export type Answerer =
  /** The system itself says that nobody listens. */
  | { readonly kind: "nobody" }
  | { readonly kind: "papo" }
  | { readonly kind: "http"; readonly server: string | undefined }
  | { readonly kind: "ssh"; readonly banner: string }
  /** A tracker of the original program. */
  | { readonly kind: "original" }
  /** TLS, but not with our application protocol. */
  | { readonly kind: "tls" }
  | { readonly kind: "speaks"; readonly text: string }
  | { readonly kind: "silent" }
  | { readonly kind: "hangs-up" };

export type Place = { readonly host: string; readonly port: number };

/** A tracker under load may need a moment to shake hands. */
const TLS_WAIT_MS = 3_000;
/** A server's first flight is longer than this and comes in one go: what is shorter and stops there is no TLS. */
const TLS_FLIGHT_BYTES_MIN = 256;
const TLS_STUTTER_MS = 500;
/** Who speaks first (SSH, mail) does so at once. */
const BANNER_WAIT_MS = 400;
const ANSWER_WAIT_MS = 1_000;
const TEXT_BYTES_MAX = 512;

const SEED_QUESTION = `{"cmd":"LIST_PEERS"}\r\n\r\n`;

/**
 * Finds out who answers at a place, by asking in three languages: TLS with our application protocol, the seed dialect, HTTP.
 * Sends no identity and no name. A Papo tracker is told apart within one handshake; only strangers cost more.
 */
export async function probe(place: Place, clock: Clock): Promise<Answerer> {
  const secure = await probeTls(place, clock);
  if (secure !== "not-tls") return { kind: secure };

  const asHttp = `GET / HTTP/1.1\r\nHost: ${place.host}\r\nConnection: close\r\n\r\n`;
  const [seed, http] = await Promise.all([ask(place, SEED_QUESTION, clock), ask(place, asHttp, clock)]);
  const said = recognise(seed.text) ?? recognise(http.text) ?? speaks(seed.text) ?? speaks(http.text);
  return said ?? { kind: http.ended ? "hangs-up" : "silent" };
}

function probeTls(place: Place, clock: Clock): Promise<"papo" | "tls" | "nobody" | "not-tls"> {
  return new Promise((resolve) => {
    const socket = connectTls({
      ...place,
      ALPNProtocols: [TRACKER_ALPN],
      minVersion: "TLSv1.2",
      rejectUnauthorized: false,
    });
    const finish = (answer: "papo" | "tls" | "nobody" | "not-tls"): void => {
      for (const timer of timers) timer.cancel();
      socket.destroy();
      resolve(answer);
    };
    const stutters = (): boolean => socket.bytesRead > 0 && socket.bytesRead < TLS_FLIGHT_BYTES_MIN;
    const timers = [
      clock.after(TLS_STUTTER_MS, () => stutters() && finish("not-tls")),
      clock.after(TLS_WAIT_MS, () => finish("not-tls")),
    ];
    socket.once("secureConnect", () => finish(socket.alpnProtocol === TRACKER_ALPN ? "papo" : "tls"));
    socket.once("end", () => finish("not-tls"));
    socket.on("error", (error: NodeJS.ErrnoException) => finish(meaningOf(error.code ?? "")));
  });
}

function meaningOf(code: string): "tls" | "nobody" | "not-tls" {
  if (code === "ECONNREFUSED") return "nobody";
  // An alert is an answer in TLS; anything else that OpenSSL stumbles over is another language.
  return /^ERR_SSL_.*ALERT/u.test(code) ? "tls" : "not-tls";
}

type Answer = { readonly text: string; readonly ended: boolean };

/** Listens a moment, then says `question`; resolves with what came by the end, in time. */
function ask(place: Place, question: string, clock: Clock): Promise<Answer> {
  return new Promise((resolve) => {
    const socket: Socket = connect(place);
    let heard: Buffer = Buffer.alloc(0);
    const finish = (ended: boolean): void => {
      for (const timer of timers) timer.cancel();
      socket.destroy();
      resolve({ text: heard.toString("utf8"), ended });
    };
    const timers = [
      clock.after(BANNER_WAIT_MS, () => socket.write(question)),
      clock.after(BANNER_WAIT_MS + ANSWER_WAIT_MS, () => finish(false)),
    ];
    socket.on("data", (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]).subarray(0, TEXT_BYTES_MAX);
      if (recognise(heard.toString("utf8")) !== undefined || heard.length === TEXT_BYTES_MAX) finish(false);
    });
    socket.once("end", () => finish(true));
    socket.on("error", () => finish(true));
  });
}

function recognise(text: string): Answerer | undefined {
  const [first = ""] = text.split(/\r?\n/u);
  if (/^HTTP\/\d/u.test(text)) return { kind: "http", server: /^server: *(.+?)\r?$/imu.exec(text)?.[1] };
  if (first.startsWith("SSH-")) return { kind: "ssh", banner: first };
  if (/^\s*\{\s*"status"\s*:\s*"(ERROR|OK)"/u.test(text)) return { kind: "original" };
  return undefined;
}

function speaks(text: string): Answerer | undefined {
  const [first = ""] = text.trimStart().split(/\r?\n/u);
  return first === "" ? undefined : { kind: "speaks", text: first };
}

/** Resolves when a connection to the place is gone again, or cannot be made, or `signal` aborts. Says nothing on it. */
export function untilGone(place: Place, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ ...place, signal });
    socket.unref();
    socket.on("error", () => {});
    socket.on("data", () => {});
    socket.once("close", () => resolve());
  });
}
