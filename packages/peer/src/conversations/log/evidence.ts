import { type OpenedStatement, openBinding, openRoomTicket, openStatement, verifyInviteProof } from "@papo/link";
import {
  type AccountKey,
  type AdmitBody,
  type ControlBody,
  type DeviceKey,
  EVIDENCE_REMEMBERED_MAX,
  type GenesisBody,
  type Outcome,
  type RoomId,
  type SignedText,
  type TrackerKey,
  type Username,
} from "@papo/protocol";

// Signed texts inside control entries. Each is verified once: the same statement comes with many entries, and the same entries into many sets.

/** Results by signature, of texts that were met last. */
class Remembered<T> {
  readonly #bySignature = new Map<string, { readonly key: string; readonly result: T }>();

  get(signed: SignedText, key: string, open: () => T): T {
    const known = this.#bySignature.get(signed.sig);
    if (known?.key === key) return known.result;
    const result = open();
    const [oldest] = this.#bySignature.keys();
    if (this.#bySignature.size >= EVIDENCE_REMEMBERED_MAX && oldest !== undefined) this.#bySignature.delete(oldest);
    this.#bySignature.set(signed.sig, { key, result });
    return result;
  }
}

const statements = new Remembered<OpenedStatement | undefined>();
const tickets = new Remembered<{ readonly room: RoomId; readonly account: AccountKey } | undefined>();
const bindings = new Remembered<{ readonly name: Username; readonly account: AccountKey } | undefined>();

const proofs = new Remembered<boolean>();

function valueOf<T>(outcome: Outcome<T>): T | undefined {
  return outcome.ok ? outcome.value : undefined;
}

/** The statement that an entry carries, if it opens. */
export function statementIn(says: ControlBody | undefined): OpenedStatement | undefined {
  if (says === undefined || !("statement" in says.body)) return undefined;
  const signed = says.body.statement;
  return statements.get(signed, signed.text, () => {
    const opened = valueOf(openStatement(signed));
    return opened === undefined ? undefined : { statement: opened, signed };
  });
}

/** The device is listed and not revoked. */
export function listsDevice({ statement }: OpenedStatement, device: DeviceKey): boolean {
  return statement.devices.some((listed) => listed.device === device && listed.revoked === null);
}

/** §4.3: the room's tracker let this account into this open room. */
export function hasTicket(says: ControlBody, account: AccountKey, room: RoomId, genesis: GenesisBody): boolean {
  const { tracker } = genesis;
  if (says.kind !== "join" || says.body.ticket === null || genesis.room !== "open" || tracker === null) return false;
  const signed = says.body.ticket;
  const opened = tickets.get(signed, `${tracker}${signed.text}`, () => valueOf(openRoomTicket(signed, tracker)));
  return opened?.room === room && opened.account === account;
}

/** §4.4: no invite is named, or whoever holds it asked for this account. */
export function isInviteProven(room: RoomId, { account, invite, proof }: AdmitBody): boolean {
  if (invite === null) return true;
  if (proof === null) return false;
  const signed = { text: `${invite}${room}${account}`, sig: proof };
  return proofs.get(signed, signed.text, () => verifyInviteProof(invite, { room, account, proof }));
}

/** The name that the room's tracker gives this account, by the word of it that an entry carries. */
export function nameIn(
  says: ControlBody | undefined,
  account: AccountKey,
  tracker: TrackerKey | null,
): Username | null {
  const signed = says !== undefined && "binding" in says.body ? says.body.binding : null;
  if (signed === null || tracker === null || !signed.text.includes(account)) return null;
  const opened = bindings.get(signed, `${tracker}${signed.text}`, () => valueOf(openBinding(signed, tracker)));
  return opened?.account === account ? opened.name : null;
}
