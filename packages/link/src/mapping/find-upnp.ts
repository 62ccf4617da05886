import { type RemoteInfo, type Socket, createSocket } from "node:dgram";
import { LAN_NETWORKS_MAX, ROUTERS_ASKED_MAX } from "@papo/protocol";
import type { Clock } from "../clock.ts";
import { pause } from "../clock.ts";
import { neighboursIn, ownNetworks } from "../lan/own-networks.ts";
import { locationIn } from "./upnp-texts.ts";
import type { UpnpRouter } from "./upnp-way.ts";

/** UPnP Device Architecture §1.3. */
const GROUP = "239.255.255.250";
const PORT = 1_900;
/** Routers answer within a second, as they are asked to. */
const WAIT_MS = 1_300;
/** What is said twice is seldom lost. */
const REPEAT_MS = 300;
const HOPS = 2;
const ANSWER_BYTES_MAX = 2_048;
const KINDS = [1, 2].map((version) => `urn:schemas-upnp-org:device:InternetGatewayDevice:${version}`);
const SEARCHES = KINDS.map(
  (kind) => `M-SEARCH * HTTP/1.1\r\nHOST: ${GROUP}:${PORT}\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ${kind}\r\n\r\n`,
);

/** Machines in our networks that call themselves a router. Anybody can: each is asked only at its own address, and only a few are. */
export async function findUpnpRouters(clock: Clock, signal: AbortSignal): Promise<readonly UpnpRouter[]> {
  const neighbours = neighboursIn(ownNetworks());
  const routerByHost = new Map<string, UpnpRouter>();
  const enough = Promise.withResolvers<void>();
  const heard = (client: string, answer: Buffer, { address }: RemoteInfo): void => {
    if (answer.length > ANSWER_BYTES_MAX || !neighbours.check(address) || routerByHost.has(address)) return;
    const location = locationIn(answer.toString("latin1"), address);
    if (location === undefined || routerByHost.size >= ROUTERS_ASKED_MAX) return;
    routerByHost.set(address, { location, client });
    // The one router of a home answers first; another one has a moment more.
    if (routerByHost.size === ROUTERS_ASKED_MAX) enough.resolve();
    else void pause(clock, REPEAT_MS, signal).then(() => enough.resolve());
  };
  const sockets = ownNetworks()
    .slice(0, LAN_NETWORKS_MAX)
    .map(({ address }) => searching(address, (answer, from) => heard(address, answer, from)));
  for (const delayMs of [0, REPEAT_MS]) clock.after(delayMs, () => search(sockets));
  if (sockets.length > 0) await Promise.race([pause(clock, WAIT_MS, signal), enough.promise]);
  for (const socket of sockets.splice(0)) close(socket);
  return [...routerByHost.values()];
}

function searching(address: string, heard: (answer: Buffer, from: RemoteInfo) => void): Socket {
  const socket = createSocket("udp4");
  socket.unref();
  socket.on("error", () => {});
  socket.on("message", heard);
  socket.bind({ address, port: 0, exclusive: true }, () => {
    socket.setMulticastTTL(HOPS);
    socket.setMulticastInterface(address);
  });
  return socket;
}

function search(sockets: readonly Socket[]): void {
  for (const socket of sockets) for (const text of SEARCHES) socket.send(text, PORT, GROUP, () => {});
}

function close(socket: Socket): void {
  try {
    socket.close();
  } catch {
    // It could not be opened.
  }
}
