import {
  type AccountStatement,
  type Outcome,
  type SignedText,
  type StatementDevice,
  type TlsKey,
  succeed,
} from "@papo/protocol";
import { deviceForTlsKey, openStatement } from "@papo/link";

/** An account statement that its own root signed and that lists the device at the other end of this channel. */
export type OfferedIdentity = {
  readonly statement: AccountStatement;
  readonly signed: SignedText;
  readonly device: StatementDevice;
};

/** TLS has proved possession of `channelKey`; the statement must say whose it is. docs/protocol/tracker.md §3 */
export function readOffer(signed: SignedText, channelKey: TlsKey): Outcome<OfferedIdentity> {
  const opened = openStatement(signed);
  if (!opened.ok) return opened;
  const device = deviceForTlsKey(opened.value, channelKey);
  return device.ok ? succeed({ statement: opened.value, signed, device: device.value }) : device;
}
