import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { eventually } from "../eventually.ts";
import { Program } from "../processes/program.ts";
import { TemporaryHome } from "../processes/temporary-home.ts";
import type { LabHost } from "./host.ts";

/** One direction of one TCP connection, from its first byte on. */
export type CapturedStream = { readonly from: string; readonly to: string; readonly bytes: Buffer };

type Segment = {
  readonly from: string;
  readonly to: string;
  readonly opens: boolean;
  readonly at: number;
  readonly data: Buffer;
};

const FILE_HEADER_BYTES = 24;
const PACKET_HEADER_BYTES = 16;
const ETHERNET_BYTES = 14;
const IPV4 = 0x0800;
const TCP = 6;
const SYN = 0x02;
/** A port on which nobody listens (RFC 863). */
const DISCARD = 9;

/** Everything that passes the cable of a machine, by `tcpdump`. */
export class Capture implements AsyncDisposable {
  readonly #home = new TemporaryHome("capture");
  readonly #host: LabHost;
  readonly #program: Program;

  private constructor(host: LabHost) {
    this.#host = host;
    const [command = "ip", ...before] = host.wrap;
    const words = [
      "tcpdump",
      "-i",
      "eth0",
      "-U",
      "-Z",
      "root",
      "-B",
      "16384",
      "-w",
      this.#file,
      `tcp or udp port ${DISCARD}`,
    ];
    this.#program = new Program(command, [...before, ...words], { env: this.#home.environment(), name: "tcpdump" });
  }

  static isPossible(): boolean {
    return spawnSync("tcpdump", ["--version"]).status === 0;
  }

  static async at(host: LabHost): Promise<Capture> {
    const capture = new Capture(host);
    await capture.#program.err.see("listening on");
    return capture;
  }

  /** Ends it and says what has passed until now over IPv4. */
  async streams(): Promise<readonly CapturedStream[]> {
    await this.#caughtUp();
    await this.#program.stop("SIGINT");
    const said = this.#program.err.text;
    if (!/^0 packets dropped by kernel/mu.test(said)) throw new Error(`not everything was captured: ${said}`);
    return assembled(segments(readFileSync(this.#file)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    this.#home[Symbol.dispose]();
  }

  /** What passed waits in the kernel before it is written, and an ending `tcpdump` leaves it there: a mark is sent after it and waited for. */
  async #caughtUp(): Promise<void> {
    const mark = randomUUID();
    const nowhere = this.#host.network.gateway.ipv4;
    this.#host.namespace.run("bash", ["-c", `echo ${mark} > /dev/udp/${nowhere}/${DISCARD}`]);
    await eventually("tcpdump sees what is sent", () => readFileSync(this.#file).includes(mark) || undefined);
  }

  get #file(): string {
    return this.#home.at("packets");
  }
}

/** The packets of a capture file of this machine: little-endian, Ethernet. */
function segments(file: Buffer): readonly Segment[] {
  const found: Segment[] = [];
  let at = FILE_HEADER_BYTES;
  while (at + PACKET_HEADER_BYTES <= file.length) {
    const length = file.readUInt32LE(at + 8);
    const segment = segmentOf(file.subarray(at + PACKET_HEADER_BYTES, at + PACKET_HEADER_BYTES + length));
    if (segment !== undefined) found.push(segment);
    at += PACKET_HEADER_BYTES + length;
  }
  return found;
}

function segmentOf(frame: Buffer): Segment | undefined {
  if (frame.readUInt16BE(ETHERNET_BYTES - 2) !== IPV4) return undefined;
  const packet = frame.subarray(ETHERNET_BYTES);
  if (packet[9] !== TCP) return undefined;
  const header = ((packet[0] ?? 0) & 15) * 4;
  const tcp = packet.subarray(header, packet.readUInt16BE(2));
  const end = (from: number, port: number) => `${packet.subarray(from, from + 4).join(".")}:${tcp.readUInt16BE(port)}`;
  return {
    from: end(12, 0),
    to: end(16, 2),
    opens: ((tcp[13] ?? 0) & SYN) !== 0,
    at: tcp.readUInt32BE(4),
    data: tcp.subarray(((tcp[12] ?? 0) >> 4) * 4),
  };
}

/** Each direction of each connection whose opening was seen. What was sent again counts once. */
function assembled(all: readonly Segment[]): readonly CapturedStream[] {
  const open = new Map<string, { readonly first: number; readonly from: string; readonly to: string; bytes: Buffer }>();
  for (const { from, to, opens, at, data } of all) {
    const name = `${from} ${to}`;
    if (opens && !open.has(name)) open.set(name, { first: at + 1, from, to, bytes: Buffer.alloc(0) });
    const stream = open.get(name);
    if (stream === undefined || data.length === 0 || opens) continue;
    const offset = (at - stream.first) >>> 0;
    if (offset > stream.bytes.length) throw new Error(`a piece of ${name} is missing`);
    stream.bytes = Buffer.concat([stream.bytes, data.subarray(stream.bytes.length - offset)]);
  }
  return [...open.values()];
}
