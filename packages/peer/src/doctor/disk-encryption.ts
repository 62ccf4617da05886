import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** Block devices under one another that are looked at: a volume on a mapping on a disk. */
const LAYERS_MAX = 6;

/** Whether the folder's disk is known to be encrypted (LUKS on Linux). False means that it cannot be told from here. */
export async function isEncrypted(folder: string): Promise<boolean> {
  if (process.platform !== "linux") return false;
  const stats = await stat(folder).catch(() => undefined);
  if (stats === undefined) return false;
  // As glibc's makedev packs them.
  const major = (stats.dev >> 8) & 0xfff;
  const minor = (stats.dev & 0xff) | ((stats.dev >> 12) & 0xfff00);
  return isEncryptedDevice(`/sys/dev/block/${major}:${minor}`, LAYERS_MAX);
}

async function isEncryptedDevice(device: string, layers: number): Promise<boolean> {
  if (layers === 0) return false;
  const uuid = await readFile(join(device, "dm", "uuid"), "utf8").catch(() => "");
  if (uuid.startsWith("CRYPT-")) return true;
  const below = await readdir(join(device, "slaves")).catch(() => []);
  if (below.length === 0) return false;
  // One part in the clear is enough to read from.
  const each = await Promise.all(below.map((name) => isEncryptedDevice(join(device, "slaves", name), layers - 1)));
  return each.every(Boolean);
}
