import { createHash } from "node:crypto";
import { chmod, lstat, unlink } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { fail, type Outcome, succeed } from "@papo/protocol";
import { codeOf } from "../files/atomic-file.ts";
import { LineStream, type LineStreamOptions } from "./line-stream.ts";

/** What `sockaddr_un` holds on every system that we know, with the NUL behind it. */
const SOCKET_PATH_BYTES_MAX = 103;
/** Characters of a hash that tell the sockets of a folder apart. */
const NAME_CHARS = 16;

export type LocalPlace = {
  /** A folder of the user's own, which nobody else can look into. */
  readonly folder: string;
  /** Whatever tells this socket from others of the folder: it is hashed. */
  readonly name: string;
  readonly platform: NodeJS.Platform;
  /** Where the user's sockets may be instead when the folder's path is too long for one: `XDG_RUNTIME_DIR`. */
  readonly runtimeFolder: string | undefined;
};

/** A Unix socket in that folder, a named pipe on Windows; undefined where no path is short enough. */
export function localSocketPath({ folder, name, platform, runtimeFolder }: LocalPlace): string | undefined {
  const short = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, NAME_CHARS);
  if (platform === "win32") return `\\\\.\\pipe\\papo-${short(`${folder}\0${name}`)}`;
  const paths = [
    join(folder, `api-${short(name)}.sock`),
    ...(runtimeFolder === undefined ? [] : [join(runtimeFolder, `papo-${short(`${folder}\0${name}`)}.sock`)]),
  ];
  return paths.find((path) => Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX);
}

export interface LocalListener {
  /** Ends the streams as well. Idempotent. */
  close(): Promise<void>;
}

/** Readable and writable by this user alone. A socket that a dead program left behind is replaced; one that answers gives `busy`. */
export async function listenLocally(
  path: string,
  options: LineStreamOptions,
  accept: (stream: LineStream) => void,
): Promise<Outcome<LocalListener>> {
  const sockets = new Set<Socket>();
  // Who has said all that there is to say (`nc -N`) still gets the answers.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    accept(new LineStream(socket, options));
  });
  const first = await bound(server, path);
  if (first === "EADDRINUSE") {
    const other = await connectLocally(path, options);
    if (other.ok) {
      other.value.close();
      return fail("busy", "socket: another program listens there");
    }
    if (await isLeftBehind(path)) await unlink(path).catch(() => undefined);
  }
  const failed = first === "EADDRINUSE" ? await bound(server, path) : first;
  if (failed !== undefined) return fail("unsupported", `socket: ${failed}`);
  // Some systems make sockets without asking for the mask.
  if (!isPipe(path)) await chmod(path, 0o600).catch(() => undefined);
  return succeed({ close: () => closed(server, sockets) });
}

/** `peer_offline` where nobody listens, or somebody else than this user does. */
export async function connectLocally(path: string, options: LineStreamOptions): Promise<Outcome<LineStream>> {
  const connected = (await isOwnSocket(path)) ? await connectedTo(path) : "foreign";
  if (typeof connected !== "string") return succeed(new LineStream(connected, options));
  return fail("peer_offline", "socket: nobody of this user listens there");
}

/** The socket, or why not. */
function connectedTo(path: string): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const failed = (error: Error) => resolve(codeOf(error) ?? "failed");
    socket.once("error", failed);
    socket.once("connect", () => {
      socket.off("error", failed);
      resolve(socket);
    });
  });
}

/** In a folder that others may write to, they might put one where ours is looked for. Windows has no owners of pipes to ask for. */
async function isOwnSocket(path: string): Promise<boolean> {
  if (isPipe(path)) return true;
  const found = await lstat(path).catch(() => undefined);
  return found?.isSocket() === true && found.uid === process.getuid?.();
}

/** Nobody will ever answer there again. One that is only too busy to answer lives; what is no socket is not ours. */
async function isLeftBehind(path: string): Promise<boolean> {
  if (!(await isOwnSocket(path))) return false;
  const connected = await connectedTo(path);
  if (typeof connected !== "string") connected.destroy();
  return connected === "ECONNREFUSED";
}

function isPipe(path: string): boolean {
  return path.startsWith("\\\\");
}

/** Undefined when it listens, else why not. */
function bound(server: Server, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve(codeOf(error) ?? "failed");
    server.once("error", failed);
    // The socket is made at once, and nobody else's from its first moment on.
    const before = process.umask(0o177);
    server.listen(path, () => {
      server.off("error", failed);
      server.on("error", () => {}); // What is refused later concerns one who connects.
      resolve(undefined);
    });
    process.umask(before);
  });
}

function closed(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
