import { createHash } from "node:crypto";
import { chmod, unlink } from "node:fs/promises";
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
  const server = createServer((socket) => {
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
    await unlink(path).catch(() => undefined);
  }
  const failed = first === "EADDRINUSE" ? await bound(server, path) : first;
  if (failed !== undefined) return fail("unsupported", `socket: ${failed}`);
  // The folder keeps others out already; where it is of another kind, this does.
  if (!path.startsWith("\\\\")) await chmod(path, 0o600).catch(() => undefined);
  return succeed({ close: () => closed(server, sockets) });
}

/** `peer_offline` where nobody listens. */
export function connectLocally(path: string, options: LineStreamOptions): Promise<Outcome<LineStream>> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const failed = () => resolve(fail("peer_offline", "socket: nobody listens there"));
    socket.once("error", failed);
    socket.once("connect", () => {
      socket.off("error", failed);
      resolve(succeed(new LineStream(socket, options)));
    });
  });
}

/** Undefined when it listens, else why not. */
function bound(server: Server, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve(codeOf(error) ?? "failed");
    server.once("error", failed);
    server.listen(path, () => {
      server.off("error", failed);
      server.on("error", () => {}); // What is refused later concerns one who connects.
      resolve(undefined);
    });
  });
}

function closed(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
}
