import {
  DIALLED_PORT_MIN,
  LAN_PACKET_BYTES_MAX,
  LAN_RECORDS_MAX,
  LAN_RECORD_TTL_SECONDS,
  type TrackerKey,
  decodeWith,
  trackerKey,
} from "@papo/protocol";
import { type Answer, type Packet, decode, encode } from "dns-packet";

// docs/protocol/lan.md §2

export type LanService = "tracker" | "peer";

const SERVICE_NAMES: Readonly<Record<LanService, string>> = {
  tracker: "_papo-tracker._tcp.local",
  peer: "_papo._tcp.local",
};
const SERVICES = Object.entries(SERVICE_NAMES) as readonly (readonly [LanService, string])[];

/** In every packet that concerns us, and in hardly any other. */
const MARK = Buffer.from("_papo");
const HEADER_BYTES = 12;
const INSTANCE = /^[a-z2-7]{16}$/u;

/** One announcement: who, at which port, and of a tracker its key. `host` stands where others write the name of their machine. */
export type LanAnnouncement = {
  readonly service: LanService;
  /** 16 letters and digits of base32. */
  readonly instance: string;
  readonly host: string;
  readonly port: number;
  readonly key: TrackerKey | null;
};

export type LanHeard = Pick<LanAnnouncement, "service" | "instance" | "port" | "key">;

export type LanPacket = { readonly asks: readonly LanService[]; readonly tells: readonly LanHeard[] };

export function lanQuestion(service: LanService): Uint8Array {
  return encode({ type: "query", questions: [{ name: SERVICE_NAMES[service], type: "PTR", class: "IN" }] });
}

/** The same records in the same order on every machine: nothing but what is handed in tells one from another. */
export function lanAnswer(announcement: LanAnnouncement, end: "here" | "gone" = "here"): Uint8Array {
  const { service, instance, host, port, key } = announcement;
  const kind = SERVICE_NAMES[service];
  const name = `${instance}.${kind}`;
  const ttl = end === "gone" ? 0 : LAN_RECORD_TTL_SECONDS;
  const answers: readonly Answer[] = [
    { name: kind, type: "PTR", class: "IN", ttl, data: name },
    {
      name,
      type: "SRV",
      class: "IN",
      ttl,
      flush: true,
      data: { priority: 0, weight: 0, port, target: `${host}.local` },
    },
    { name, type: "TXT", class: "IN", ttl, flush: true, data: key === null ? "" : `k=${key}` },
  ];
  // RFC 6762 §18.4: an answer is authoritative.
  return encode({ type: "response", flags: 1 << 10, answers: [...answers] });
}

/** Undefined for what is none of ours, in whatever way. Never throws, and costs little for what others say to each other. */
export function readLanPacket(bytes: Uint8Array): LanPacket | undefined {
  const packet = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (packet.length < HEADER_BYTES || packet.length > LAN_PACKET_BYTES_MAX || !packet.includes(MARK)) return undefined;
  if (recordsOf(packet) > LAN_RECORDS_MAX) return undefined;
  try {
    const decoded = decode(packet);
    return decoded.type === "query" ? asked(decoded) : told(decoded);
  } catch {
    return undefined;
  }
}

function recordsOf(packet: Buffer): number {
  return packet.readUInt16BE(4) + packet.readUInt16BE(6) + packet.readUInt16BE(8) + packet.readUInt16BE(10);
}

function asked({ questions = [] }: Packet): LanPacket {
  const asks = SERVICES.filter(([, kind]) =>
    questions.some(({ name, type }) => (type === "PTR" || String(type) === "ANY") && name.toLowerCase() === kind),
  );
  return { asks: asks.map(([service]) => service), tells: [] };
}

function told({ answers = [], additionals = [] }: Packet): LanPacket {
  const records = [...answers, ...additionals];
  const tells = answers.flatMap((answer) => {
    const service = SERVICES.find(([, kind]) => answer.name.toLowerCase() === kind)?.[0];
    if (service === undefined || answer.type !== "PTR" || (answer.ttl ?? 0) === 0) return [];
    return announcementOf(service, answer.data, records) ?? [];
  });
  return { asks: [], tells };
}

function announcementOf(service: LanService, name: string, records: readonly Answer[]): LanHeard | undefined {
  const [instance = ""] = name.split(".");
  if (!INSTANCE.test(instance) || name.toLowerCase() !== `${instance}.${SERVICE_NAMES[service]}`) return undefined;
  const place = records.find((record) => record.type === "SRV" && record.name === name);
  const port = place?.type === "SRV" ? place.data.port : 0;
  if (port < DIALLED_PORT_MIN) return undefined;
  if (service === "peer") return { service, instance, port, key: null };
  const key = keyIn(records.find((record) => record.type === "TXT" && record.name === name));
  return key === undefined ? undefined : { service, instance, port, key };
}

function keyIn(record: Answer | undefined): TrackerKey | undefined {
  if (record?.type !== "TXT") return undefined;
  const texts = [record.data].flat().map((text) => text.toString());
  const said = texts.find((text) => text.startsWith("k="))?.slice(2);
  const key = decodeWith(trackerKey, said);
  return key.ok ? key.value : undefined;
}
