import type { PeerApi, PeerEvent, Room } from "@papo/peer";
import type { RoomId } from "@papo/protocol";
import { heard, pause, settingsOfPart, tell } from "../measure/part.ts";
import { latencies, nowNs, stamped, stampOf } from "../measure/stamp.ts";
import { PeakMemory } from "../measure/peak-memory.ts";
import { verificationsCounted } from "../measure/verifications.ts";
import { contentBytes } from "./history-file.ts";
import { type PeerPlace, openPeerAt, signIn, untilIn, valueOf } from "./peer-opening.ts";

// A whole peer in a process of its own, with its profile on disk. Does what it is told, one line after the other.

type KeptPeerSettings = PeerPlace & { readonly username: string };

type KeptPeerCommand =
  | { readonly do: "create" | "join"; readonly name: string; readonly members: number }
  /** As fast as it goes, `window` of them not durable here. */
  | { readonly do: "load"; readonly room: RoomId; readonly messages: number; readonly window: number }
  | { readonly do: "pace"; readonly room: RoomId; readonly messages: number; readonly perSecond: number }
  /** Waits until so many messages of others have come since the last time. */
  | { readonly do: "expect"; readonly messages: number }
  | { readonly do: "bytes" }
  | { readonly do: "close" };

/** Characters of each text. */
const TEXT_CHARS = 100;

const { profile, port, key, username } = settingsOfPart<KeptPeerSettings>();
const verifications = verificationsCounted();
const memory = new PeakMemory();
const peer = await openPeerAt({ profile, port, key });
const arrivals: number[] = [];
let came = (): void => undefined;
peer.subscribe((event: PeerEvent) => {
  if (event.kind !== "message" || event.message.own || event.message.kept?.notice !== null) return;
  arrivals.push(nowNs() - stampOf(event.message.content));
  came();
});
const startedNs = nowNs();
await signIn(peer, username);
tell({ startedNs });

for await (const command of heard<KeptPeerCommand>()) {
  tell(await perform(command));
  if (command.do === "close") process.exit();
}

async function perform(command: KeptPeerCommand): Promise<unknown> {
  switch (command.do) {
    case "create":
      return entered(valueOf(await peer.createRoom({ name: command.name })), command.members);
    case "join":
      return entered(valueOf(await peer.joinRoom(command.name)), command.members);
    case "load":
      return load(peer, command);
    case "pace":
      return pace(peer, command);
    case "expect":
      return expect(command.messages);
    case "bytes":
      return { bytes: contentBytes(profile) };
    case "close":
      await peer.close();
      return {};
  }
}

/** With everybody in it linked. */
async function entered({ id }: Room, members: number): Promise<{ readonly room: RoomId }> {
  await untilIn(peer, id, members - 1);
  return { room: id };
}

async function load(
  { send }: PeerApi,
  { room, messages, window }: Extract<KeptPeerCommand, { do: "load" }>,
): Promise<{ readonly startedNs: number }> {
  const to = { kind: "room", id: room } as const;
  const started = nowNs();
  let sent = 0;
  const work = async (): Promise<void> => {
    while (sent < messages) {
      sent += 1;
      valueOf(await send.call(peer, to, stamped(TEXT_CHARS)));
    }
  };
  await Promise.all(Array.from({ length: window }, work));
  return { startedNs: started };
}

async function pace(
  { send }: PeerApi,
  { room, messages, perSecond }: Extract<KeptPeerCommand, { do: "pace" }>,
): Promise<{ readonly startedNs: number }> {
  const to = { kind: "room", id: room } as const;
  const started = nowNs();
  const sends: Promise<unknown>[] = [];
  while (sends.length < messages) {
    const due = Math.min(messages, Math.floor(((nowNs() - started) / 1e9) * perSecond));
    while (sends.length < due) sends.push(send.call(peer, to, stamped(TEXT_CHARS)).then(valueOf));
    await pause(1);
  }
  await Promise.all(sends);
  return { startedNs: started };
}

async function expect(messages: number): Promise<Record<string, number>> {
  await new Promise<void>((resolve) => {
    came = () => {
      if (arrivals.length >= messages) resolve();
    };
    came();
  });
  const endedNs = nowNs();
  return { ...latencies(arrivals.splice(0, messages)), endedNs, verified: verifications(), peak: memory.peakBytes };
}
