import type { SecureContext } from "node:tls";
import { TRACKER_ALPN } from "@papo/protocol";
import { benchName } from "../measure/account-file.ts";
import { accountLines } from "./account-lines.ts";
import { frameOf, openPlain, openSecure, type Place, type Session } from "./bench-session.ts";
import { BARE_ALPN, clientContext } from "./bare-tls.ts";
import { SEED_PASSWORD } from "./seed-password.ts";

/** `papo`, `seed`: logged in at a tracker. `tls`, `tcp`: one request and its answer at a bare server. */
export type SessionKind = "papo" | "seed" | "tls" | "tcp";

export type SessionLoad = {
  readonly kind: SessionKind;
  readonly port: number;
  readonly accountsPath: string;
  readonly count: number;
};

/** Opens the session of one account and waits until it is logged in. */
export type Opener = (index: number) => Promise<Session>;

/** Certificates and requests are made here, before any clock runs. */
export async function sessionOpener(load: SessionLoad): Promise<Opener> {
  if (load.kind === "seed" || load.kind === "tcp") return plainOpener(load);
  const keys: Keys[] = [];
  for await (const { username, statement, tls } of accountLines(load.accountsPath, load.count)) {
    const login = request({ cmd: "LOGIN", id: 2, username, statement, port: 7_001 });
    keys.push({ secureContext: clientContext(tls), login });
  }
  return (index) => openWithKeys(load, index, keys[index]);
}

type Keys = { readonly secureContext: SecureContext; readonly login: Buffer };

const HELLO = request({ cmd: "HELLO", id: 1, version: 1, features: [] });

async function openWithKeys(load: SessionLoad, index: number, keys: Keys | undefined): Promise<Session> {
  if (keys === undefined) throw new RangeError("fewer accounts than sessions");
  const isBare = load.kind === "tls";
  const session = await openSecure(placeOf(load, index), keys.secureContext, isBare ? BARE_ALPN : TRACKER_ALPN);
  if (!isBare) mustBeOk(await session.ask(HELLO));
  const answer = await session.ask(keys.login);
  if (!isBare) mustBeOk(answer);
  return session;
}

function plainOpener(load: SessionLoad): Opener {
  return async (index) => {
    const session = await openPlain(placeOf(load, index));
    const username = benchName(index);
    const login = { cmd: "LOGIN", username, password: SEED_PASSWORD, address: "localhost", port: 1 };
    const answer = await session.ask(Buffer.from(JSON.stringify(login)));
    if (load.kind === "seed") mustBeOk(answer);
    return session;
  };
}

/** Several source addresses: one alone has too few ports for ten thousand connections that come and go. */
const SOURCE_ADDRESSES = 8;

function placeOf({ port }: SessionLoad, index: number): Place {
  return { port, localAddress: `127.0.0.${1 + (index % SOURCE_ADDRESSES)}` };
}

/** Opens sessions `from` to before `to`, a few at a time. */
export async function openSessions(open: Opener, from: number, to: number): Promise<Session[]> {
  const sessions: Session[] = [];
  let next = from;
  const work = async () => {
    while (next < to) {
      const index = next;
      next += 1;
      sessions[index - from] = await open(index);
    }
  };
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, work));
  return sessions;
}

const OPENED_AT_ONCE = 16;

export function request(message: object): Buffer {
  return frameOf(Buffer.from(JSON.stringify(message)));
}

export function mustBeOk(answer: Uint8Array): void {
  const text = Buffer.from(answer.buffer, answer.byteOffset, Math.min(answer.byteLength, 200)).toString("utf8");
  if (!/"status": ?"OK"/u.test(text)) throw new Error(`the tracker refused: ${text}`);
}
