import { writeFileSync } from "node:fs";
import type { Conversation, Message } from "@papo/peer/api";
import { systemClock } from "@papo/link";
import { FakePeer, user } from "../../apps/terminal/test/fake-peer.ts";
import { keymapWith, runFullScreen } from "../../apps/terminal/src/index.ts";
import { pause, settingsOfPart } from "../measure/part.ts";

/** Runs on a terminal of its own, so what it found goes into a file. */
type Settings = {
  /** `screen`: the full screen. `lines`: each message printed as a line, and nothing else. */
  readonly as: "screen" | "lines";
  readonly perSecond: number;
  /** Instead of a rate: as many as these, as fast as they are taken. */
  readonly messages?: number;
  readonly result: string;
};

const settings = settingsOfPart<Settings>();
const TICK_MS = 10;
const WARM_UP_MS = 2_000;
const MEASURED_MS = 5_000;
const ROOMS = 10;
const BATCH = 500;
const WORDS =
  "the quick brown fox jumps over a lazy dog while nobody looks at it from the other side of the river".split(" ");

const peer = new FakePeer({ wallMs: () => systemClock.wallMs() });
await peer.register({ username: user("gabi"), password: "secret" });
const rooms: readonly Conversation[] = Array.from({ length: ROOMS }, (_, at) => {
  const room: Conversation = { kind: "room", id: peer.keep(`ROOM ${at}`).id };
  peer.listedConversations.push({ conversation: room, title: `ROOM ${at}`, unread: 0 });
  return room;
});
const [template] = madeByPeer();
if (template === undefined) throw new Error("no message was made");
const authors = ["ana", "nori", "yuki"].map((name) => user(name));
let count = 0;

/** One, for its shape. What a real engine keeps on the disk, nobody keeps here. */
function madeByPeer(): readonly Message[] {
  const made: Message[] = [];
  const [room] = rooms;
  const stop = peer.subscribe((event) => event.kind === "message" && made.push(event.message));
  if (room !== undefined) peer.hear(room, "ana", "first");
  stop();
  return made;
}

function next(from: Message): Message {
  count += 1;
  const words = Array.from({ length: 4 + (count % 12) }, (_, at) => WORDS[(count * 7 + at * 3) % WORDS.length]);
  return {
    ...from,
    id: `${String(count).padStart(21, "n")}A` as Message["id"],
    // Nine of ten in the room that is in front.
    conversation: (count % 10 === 0 ? rooms[(count % 97) % ROOMS] : rooms[0]) ?? from.conversation,
    author: authors[count % authors.length] ?? from.author,
    content: words.join(" "),
    atMs: systemClock.wallMs(),
  };
}

function say(message: Message): void {
  if (settings.as === "screen") peer.emit({ kind: "message", message });
  else process.stdout.write(`18:47 ${message.author} │ ${message.content}\r\n`);
}

async function feed(from: Message, forMs: number): Promise<void> {
  const started = performance.now();
  const before = count;
  while (performance.now() - started < forMs) {
    const due = before + Math.floor(((performance.now() - started) / 1000) * settings.perSecond);
    while (count < due) say(next(from));
    await pause(TICK_MS);
  }
}

/** MiB, once the garbage is gone. */
async function settled(): Promise<{ readonly memory: number; readonly heap: number }> {
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc?.();
    await pause(60);
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { memory: rss / 2 ** 20, heap: heapUsed / 2 ** 20 };
}

if (settings.as === "screen") {
  void runFullScreen({
    ...{ peer, language: "en", clock: systemClock, env: process.env, input: process.stdin, output: process.stdout },
    ...{ keymap: keymapWith(new Map()), alerts: { bell: false, desktop: "off", throughTmux: false }, mouse: false },
  });
} else process.stdin.setRawMode(true).on("data", (chunk: Buffer) => process.stdout.write(chunk));

await pause(300);
if (settings.as === "screen") process.stdin.emit("data", Buffer.from("\u001b2"));
if (settings.messages === undefined) {
  await feed(template, WARM_UP_MS);
  process.stdout.write("\u001b]0;measuring\u0007");
  const from = process.cpuUsage();
  const at = performance.now();
  await feed(template, MEASURED_MS);
  const { user: own, system } = process.cpuUsage(from);
  const ms = performance.now() - at;
  process.stdout.write("\u001b]0;measured\u0007");
  writeFileSync(settings.result, JSON.stringify({ cpu: ((own + system) / 1000 / ms) * 100, seconds: ms / 1000 }));
} else {
  while (count < settings.messages) {
    for (let at = 0; at < BATCH; at += 1) say(next(template));
    await pause(0);
  }
  await pause(200);
  writeFileSync(settings.result, JSON.stringify(await settled()));
}
process.stdout.write("\u001b]0;over\u0007");
await pause(200);
process.exit();
