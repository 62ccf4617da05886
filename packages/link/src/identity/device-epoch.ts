import {
  BINDING_BYTES_MAX,
  type DeviceEpoch,
  type DeviceKey,
  type Outcome,
  SIGNATURE_CONTEXTS,
  type SignedText,
  deviceEpoch,
} from "@papo/protocol";
import type { KeyPair } from "./key-pair.ts";
import { openSigned } from "./open-signed.ts";
import { signText } from "./signing.ts";

// docs/protocol/identity.md §10

export function signDeviceEpoch(device: KeyPair<DeviceKey>, epoch: DeviceEpoch): SignedText {
  if (epoch.device !== device.publicKey) throw new TypeError("an epoch is signed by its own device");
  return signText(device, SIGNATURE_CONTEXTS.deviceEpoch, JSON.stringify(epoch));
}

/** What a device has said of its starts, if it has signed it. */
export function openDeviceEpoch(signed: SignedText): Outcome<DeviceEpoch> {
  return openSigned(signed, {
    schema: deviceEpoch,
    context: SIGNATURE_CONTEXTS.deviceEpoch,
    bytesMax: BINDING_BYTES_MAX,
    signer: (epoch) => epoch.device,
  });
}
