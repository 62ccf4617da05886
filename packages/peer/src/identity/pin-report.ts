import {
  type AccountKey,
  type StatementDevice,
  type Username,
  accountStatement,
  decodeWith,
  parseStrictJson,
} from "@papo/protocol";
import type { Pin } from "./pin.ts";

/** What is remembered of one name, for the user to look at. */
export type PinReport = {
  readonly name: Username;
  readonly account: AccountKey;
  /** Two people have compared it. */
  readonly verified: boolean;
  /** RFC 3339, for people. */
  readonly firstSeen: string;
  /** A key that waits for the user's decision. */
  readonly offered: AccountKey | null;
  readonly blocked: readonly AccountKey[];
  /** Keys that the name had before, or that were refused. */
  readonly formerCount: number;
  /** Of the newest statement that is known; none where the file of pins was damaged just there. */
  readonly devices: readonly StatementDevice[];
  /** False while it is only in memory: the disk refused it, and it is forgotten when the program ends. */
  readonly onDisk: boolean;
};

export function reportOf(pin: Pin, onDisk: boolean): PinReport {
  const { name, account, verified, firstSeen, offered, blocked, former } = pin;
  return {
    ...{ name, account, verified, firstSeen, blocked, onDisk },
    offered: offered?.account ?? null,
    formerCount: former.length,
    devices: devicesOf(pin),
  };
}

/** Read only: the signature was verified when the statement was pinned. */
export function devicesOf({ account, statement }: Pick<Pin, "account" | "statement">): readonly StatementDevice[] {
  const parsed = parseStrictJson(statement.text);
  const read = parsed.ok ? decodeWith(accountStatement, parsed.value) : parsed;
  return read.ok && read.value.account === account ? read.value.devices : [];
}
