import {
  ADDRESS_RECORD_BYTES_MAX,
  type AddressRecord,
  type DeviceKey,
  type Outcome,
  SIGNATURE_CONTEXTS,
  type SignedText,
  addressRecord,
} from "@papo/protocol";
import type { KeyPair } from "./key-pair.ts";
import { openSigned } from "./open-signed.ts";
import { signText } from "./signing.ts";

// docs/protocol/peer.md §7.1

export function signAddressRecord(device: KeyPair<DeviceKey>, record: AddressRecord): SignedText {
  if (record.device !== device.publicKey) throw new TypeError("a device signs its own addresses");
  return signText(device, SIGNATURE_CONTEXTS.addressRecord, JSON.stringify(record));
}

/** Where a device says that it is, if it has signed it. Whether anybody may dial there is another question. */
export function openAddressRecord(signed: SignedText): Outcome<AddressRecord> {
  return openSigned(signed, {
    schema: addressRecord,
    context: SIGNATURE_CONTEXTS.addressRecord,
    bytesMax: ADDRESS_RECORD_BYTES_MAX,
    signer: (record) => record.device,
  });
}
