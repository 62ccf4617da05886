import { type KeyObject, sign } from "node:crypto";

// The one certificate that Papo ever makes, spelled out: RFC 5280 in DER, self-signed with Ed25519 (RFC 8410).
// Its name and dates say nothing, because nobody reads them: the key is all that counts. So a certificate is a
// function of its key, and a library that can write any certificate is not needed to write this one.

const SEQUENCE = 0x30;
const SET = 0x31;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const BIT_STRING = 0x03;

const VERSION_3 = Buffer.from("a003020102", "hex");
const SERIAL_1 = Buffer.from("020101", "hex");
const ED25519 = Buffer.from("300506032b6570", "hex");
const COMMON_NAME = Buffer.from("0603550403", "hex");

const NAME = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from("papo")))));
const EVER = der(SEQUENCE, time("20000101000000Z"), time("99991231235959Z"));

/** The self-signed certificate of an Ed25519 key pair, as PEM. The same keys always give the same certificate. */
export function certificateOf(publicKey: KeyObject, privateKey: KeyObject): string {
  const keyInfo = publicKey.export({ type: "spki", format: "der" });
  const content = der(SEQUENCE, VERSION_3, SERIAL_1, ED25519, NAME, EVER, NAME, keyInfo);
  const signature = der(BIT_STRING, Buffer.from([0]), sign(null, content, privateKey));
  return pem(der(SEQUENCE, content, ED25519, signature));
}

function time(text: string): Buffer {
  return der(GENERALIZED_TIME, Buffer.from(text));
}

/** Tag, length, content. Nothing in our certificate is longer than 255 bytes. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : [0x81, content.length];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/gu) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
