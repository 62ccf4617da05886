const HEADER_BYTES = 5;
const PAYLOAD_BYTES_MAX = 16_384 + 256;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const LEGACY_VERSIONS = new Set([0x0301, 0x0303]);

/**
 * Whether the bytes are TLS 1.3 and nothing else: a hello in handshake records, and from then on encrypted records, with the one
 * dummy between them that RFC 8446 §5 allows. The last record may be cut.
 */
export function areTlsRecords(bytes: Buffer): boolean {
  let isEncrypted = false;
  let at = 0;
  while (at < bytes.length) {
    const header = bytes.subarray(at, at + HEADER_BYTES);
    if (header.length < HEADER_BYTES) return at > 0;
    const type = header[0] ?? 0;
    const length = header.readUInt16BE(3);
    if (!LEGACY_VERSIONS.has(header.readUInt16BE(1)) || length === 0 || length > PAYLOAD_BYTES_MAX) return false;
    if (!isAllowed(type, isEncrypted)) return false;
    isEncrypted ||= type === APPLICATION_DATA;
    at += HEADER_BYTES + length;
  }
  return bytes.length > 0;
}

function isAllowed(type: number, isEncrypted: boolean): boolean {
  if (type === APPLICATION_DATA) return true;
  return !isEncrypted && (type === HANDSHAKE || type === CHANGE_CIPHER_SPEC || type === ALERT);
}
