import type * as v from "valibot";
import { decodeWith } from "./decode.ts";
import { type Outcome, fail } from "./faults.ts";
import { parseStrictJson } from "./json/strict-json.ts";
import { peerLanguage, type PeerSays } from "./peer/peer-language.ts";
import { seedDownstream, type SeedDownstream } from "./seed/downstream.ts";
import { seedPeerLanguage, type SeedPeerSays } from "./seed/peer.ts";
import { type SeedCommand, seedUpstream, type SeedUpstream } from "./seed/upstream.ts";
import { trackerDownstream, type TrackerDownstream } from "./tracker/downstream.ts";
import { trackerUpstream, type TrackerUpstream } from "./tracker/upstream.ts";

// One decoder for each direction of each dialect: bytes or text in, a value or a fault out. They never throw.

export function decodeTrackerUpstream(json: string | Uint8Array): Outcome<TrackerUpstream> {
  return decode(trackerUpstream, TRACKER_COMMANDS, json);
}

export function decodeTrackerDownstream(json: string | Uint8Array): Outcome<TrackerDownstream> {
  return decode(trackerDownstream, undefined, json);
}

export function decodePeer(json: string | Uint8Array): Outcome<PeerSays> {
  return decode(peerLanguage, PEER_COMMANDS, json);
}

export function decodeSeedUpstream(json: string | Uint8Array): Outcome<SeedUpstream> {
  return decode(seedUpstream, SEED_COMMANDS, json);
}

export function decodeSeedDownstream(json: string | Uint8Array): Outcome<SeedDownstream> {
  return decode(seedDownstream, undefined, json);
}

export function decodeSeedPeer(json: string | Uint8Array): Outcome<SeedPeerSays> {
  return decode(seedPeerLanguage, SEED_PEER_COMMANDS, json);
}

const TRACKER_COMMANDS = commandsOf(trackerUpstream.options);
const PEER_COMMANDS = commandsOf(peerLanguage.options);
const SEED_COMMANDS = commandsOf(seedUpstream.options);
const SEED_PEER_COMMANDS = commandsOf(seedPeerLanguage.options);

function commandsOf(options: readonly { entries: { cmd: { literal: string } } }[]): ReadonlySet<string> {
  return new Set(options.map((option) => option.entries.cmd.literal));
}

function decode<S extends v.GenericSchema>(
  schema: S,
  commands: ReadonlySet<string> | undefined,
  json: string | Uint8Array,
): Outcome<v.InferOutput<S>> {
  const parsed = parseStrictJson(json);
  if (!parsed.ok) return parsed;
  if (commands !== undefined && !commands.has(commandOf(parsed.value))) {
    return fail("unknown_command", "cmd: expected a known command");
  }
  return decodeWith(schema, parsed.value);
}

function commandOf(value: unknown): string {
  if (typeof value !== "object" || value === null || !("cmd" in value)) return "";
  return typeof value.cmd === "string" ? value.cmd : "";
}

/** The `id` of a request that could not be decoded, so that its refusal can still name it. */
export function requestIdOf(json: string | Uint8Array): number | undefined {
  const parsed = parseStrictJson(json);
  if (!parsed.ok || typeof parsed.value !== "object" || parsed.value === null || !("id" in parsed.value))
    return undefined;
  const { id } = parsed.value;
  return Number.isSafeInteger(id) && typeof id === "number" && id >= 1 ? id : undefined;
}

/** The command that a message of the seed dialect means, though its fields could not be read: its refusal depends on it. */
export function seedCommandOf(json: string | Uint8Array): SeedCommand | undefined {
  const parsed = parseStrictJson(json);
  const named = parsed.ok ? commandOf(parsed.value) : "";
  return seedUpstream.options.map((option) => option.entries.cmd.literal).find((cmd) => cmd === named);
}
