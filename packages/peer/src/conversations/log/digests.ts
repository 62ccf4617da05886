import { hash } from "node:crypto";
import type { DeviceHeads, EntryId, Sha256 } from "@papo/protocol";
import type { Branch } from "./growing-control.ts";
import type { Tip } from "./room-memory.ts";

const CONTEXT = "papo/log-digest/1\0";

/**
 * Equal where two devices hold the same. Control: the newest control entries, which name all others. Content: the head of each chain.
 * docs/protocol/room-log.md §7.2
 */
export function controlDigest(heads: readonly EntryId[]): Sha256 {
  return digest([...heads].sort());
}

export function contentDigest(tips: Iterable<Tip>): Sha256 {
  const lines: string[] = [];
  for (const { device, chain, seq, id } of tips) if (chain === "content") lines.push(`${device} ${seq} ${id}`);
  return digest(lines.sort());
}

function digest(lines: readonly string[]): Sha256 {
  // What SHA-256 gives is well formed.
  return hash("sha256", CONTEXT + lines.map((line) => `${line}\n`).join(""), "base64url") as Sha256;
}

/** By device key; a device whose control chain forked is there once for each branch. */
export function headsOf(tips: Iterable<Tip>, branches: readonly Branch[]): readonly DeviceHeads[] {
  const byDevice = new Map<string, DeviceHeads>();
  for (const { device, chain, seq, id } of tips) {
    const before = byDevice.get(device) ?? { device, control: null, content: null };
    byDevice.set(device, { ...before, [chain]: [seq, id] });
  }
  const others = branches.flatMap(({ device, seq, id }): readonly DeviceHeads[] => {
    const head = byDevice.get(device);
    return head === undefined || head.control?.[1] === id ? [] : [{ ...head, control: [seq, id] }];
  });
  return [...byDevice.values(), ...others].toSorted((a, b) => (a.device < b.device ? -1 : 1));
}
