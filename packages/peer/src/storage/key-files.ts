import { createPrivateKey, createPublicKey } from "node:crypto";
import { join } from "node:path";
import { type KeyPair, type OpenedStatement, readPrivateFile, readTlsIdentity } from "@papo/link";
import {
  type Outcome,
  accountKey,
  decodeWith,
  deviceKey,
  fail,
  parseStrictJson,
  sealKey,
  succeed,
} from "@papo/protocol";
import * as v from "valibot";
import type { OwnKeys } from "../identity/own-account.ts";
import { fileFault } from "./file-faults.ts";

const SECRET = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/u));
/** An account key with its secret half, as files hold it. */
export const rootPair = v.object({ publicKey: accountKey, secretKey: SECRET });
const devicePair = v.object({ publicKey: deviceKey, secretKey: SECRET });
const sealPair = v.object({ publicKey: sealKey, secretKey: SECRET });

const ROOT_FILE = "root.json";

/**
 * The device keys lie beside each other, each generation under names of its own: new ones are written next to the old ones, never over
 * any, and which of them count is for `account.json` to say, in the one write that replaces it.
 */
const DEVICE_FILE = /^(?:(?:device|seal)(?:-(?<pair>\d+))?\.json|tls(?:-(?<pem>\d+))?\.pem)$/u;

/** The generation of device keys that a file of this name belongs to; undefined for any other file. */
export function generationOf(name: string): number | undefined {
  const found = DEVICE_FILE.exec(name);
  return found === null ? undefined : Number(found.groups?.["pair"] ?? found.groups?.["pem"] ?? 1);
}

function namesOf(generation: number): Readonly<Record<"device" | "seal" | "tls", string>> {
  const suffix = generation === 1 ? "" : `-${generation}`;
  return { device: `device${suffix}.json`, seal: `seal${suffix}.json`, tls: `tls${suffix}.pem` };
}

export function rootFileOf({ root }: OwnKeys): Readonly<Record<string, string>> {
  return { [ROOT_FILE]: JSON.stringify(root) };
}

export function deviceFilesOf({ device, seal, tls }: OwnKeys, generation: number): Readonly<Record<string, string>> {
  const names = namesOf(generation);
  return {
    [names.device]: JSON.stringify(device),
    [names.seal]: JSON.stringify(seal),
    [names.tls]: tls.privateKeyPem,
  };
}

export async function readKeys(folder: string, generation: number): Promise<Outcome<OwnKeys>> {
  const names = namesOf(generation);
  const root = await readPair(join(folder, ROOT_FILE), rootPair);
  if (!root.ok) return root;
  const device = await readPair(join(folder, names.device), devicePair);
  if (!device.ok) return device;
  const seal = await readPair(join(folder, names.seal), sealPair);
  if (!seal.ok) return seal;
  const pem = await readText(join(folder, names.tls));
  if (!pem.ok) return pem;
  const tls = readTlsIdentity(pem.value);
  if (!tls.ok) return damaged(folder, names.tls);
  return succeed({ root: root.value, device: device.value, seal: seal.value, tls: tls.value });
}

/** Whether the statement is this account's and lists the device with just these keys. */
export function fits(keys: OwnKeys, { statement }: OpenedStatement): boolean {
  const device = statement.devices.find((listed) => listed.device === keys.device.publicKey);
  const isListed = device?.tls === keys.tls.key && device.seal === keys.seal.publicKey;
  const isOurs = isListed && statement.account === keys.root.publicKey;
  return isOurs && belong(keys.root, "Ed25519") && belong(keys.device, "Ed25519") && belong(keys.seal, "X25519");
}

export async function readText(path: string): Promise<Outcome<string>> {
  const read = await readPrivateFile(path);
  if (!read.ok) return { ok: false, fault: fileFault(read.problem) };
  return read.value === undefined ? fail("storage_failed", `${path}: missing`) : succeed(read.value);
}

export function decodeJson<S extends v.GenericSchema>(schema: S, text: string): Outcome<v.InferOutput<S>> {
  const parsed = parseStrictJson(text);
  return parsed.ok ? decodeWith(schema, parsed.value) : parsed;
}

export function damaged(path: string, what: string): Outcome<never> {
  return fail("storage_failed", `${path}: ${what} is damaged; put a copy back, or move the folder away`);
}

async function readPair<S extends v.GenericSchema>(path: string, schema: S): Promise<Outcome<v.InferOutput<S>>> {
  const text = await readText(path);
  if (!text.ok) return text;
  const pair = decodeJson(schema, text.value);
  return pair.ok ? pair : damaged(path, "it");
}

/** The two halves of a key belong together: a flipped bit must not become an identity that nobody can verify. */
export function belong({ publicKey, secretKey }: KeyPair<string>, crv: "Ed25519" | "X25519"): boolean {
  try {
    const key = createPrivateKey({ key: { kty: "OKP", crv, x: publicKey, d: secretKey }, format: "jwk" });
    return createPublicKey(key).export({ format: "jwk" }).x === publicKey;
  } catch {
    return false;
  }
}
