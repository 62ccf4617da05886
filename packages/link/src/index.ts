export { type Clock, type Timer, pause, systemClock, timestampOf } from "./clock.ts";
export type { LanActivity, LanDiscovery, LanPeer, LanTracker } from "./lan/lan-discovery.ts";
export { base32 } from "./lan/base32.ts";
export { openLan } from "./lan/open-lan.ts";
export { openPortMapper } from "./mapping/open-port-mapper.ts";
export type { MappingWay, PortMapper, PortMapping } from "./mapping/port-mapper.ts";
export { KeepAlive, keepAlive } from "./keep-alive.ts";
export type { LineStream } from "./local/line-stream.ts";
export { connectLocally, listenLocally, type LocalListener, localSocketPath } from "./local/local-socket.ts";
export { localAddresses } from "./local-addresses.ts";
export type {
  ChannelSecurity,
  Dialect,
  Link,
  LinkEnds,
  LinkMessage,
  LinkReceiver,
  SendResult,
} from "./link.ts";
export type {
  DialOptions,
  LinkSettings,
  ListenOptions,
  Listener,
  Network,
  PunchedOptions,
  RelayedOptions,
  Rendezvous,
  RendezvousOptions,
  TlsRole,
} from "./network.ts";
export { lookUp } from "./look-up.ts";
export { NetworkWatch, type NetworkWatchOptions } from "./network-watch.ts";
export { type Answerer, type Place, probe, untilGone } from "./probe.ts";
export { type Random, systemRandom } from "./random.ts";
export { encodeSeedJson } from "./socket/seed-json.ts";
export { tcpNetwork } from "./tcp-network.ts";
export type { Splice, SpliceEnd, SpliceRules, SpliceSide, TicketCaller } from "./ticket.ts";
export { type TlsIdentity, createTlsIdentity, readTlsIdentity } from "./tls/tls-identity.ts";
export { codeOf, createFileAtomically, renameDurably, writeFileAtomically } from "./files/atomic-file.ts";
export {
  type FileOutcome,
  type FileProblem,
  openPrivateFolder,
  readOrCreatePrivateFile,
  readPrivateFile,
  writePrivateFile,
} from "./files/private-file.ts";
export {
  type OpenedStatement,
  type StatementOrder,
  compareStatements,
  deviceForTlsKey,
  openStatement,
  signStatement,
} from "./identity/account-statement.ts";
export {
  type KeyPair,
  type SigningKey,
  accountKeyOfSeed,
  createAccountKey,
  createDeviceKey,
  createSealKey,
  createTrackerKey,
  inviteKeyOfSeed,
} from "./identity/key-pair.ts";
export { openAddressRecord, signAddressRecord } from "./identity/address-record.ts";
export { openDeviceEpoch, signDeviceEpoch } from "./identity/device-epoch.ts";
export { signInviteProof, verifyInviteProof } from "./identity/invite-proof.ts";
export { openBinding, signBinding } from "./identity/name-binding.ts";
export { openRoomTicket, signRoomTicket } from "./identity/room-ticket.ts";
export { sha256Text, signEntry, signText, verifyEntrySignature, verifyText } from "./identity/signing.ts";
export { type TrackerExpectation, openTrackerStatement, signTrackerStatement } from "./identity/tracker-statement.ts";
export { openUnlatch, signUnlatch } from "./identity/unlatch.ts";
