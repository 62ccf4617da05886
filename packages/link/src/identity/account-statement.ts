import {
  type AccountKey,
  type AccountStatement,
  type Outcome,
  SIGNATURE_CONTEXTS,
  STATEMENT_BYTES_MAX,
  type SignedText,
  type StatementDevice,
  type TlsKey,
  accountStatement,
  fail,
  succeed,
} from "@papo/protocol";
import type { KeyPair } from "./key-pair.ts";
import { openSigned } from "./open-signed.ts";
import { sha256Text, signText } from "./signing.ts";

// docs/protocol/identity.md §3

export function signStatement(account: KeyPair<AccountKey>, statement: AccountStatement): SignedText {
  if (statement.account !== account.publicKey) throw new TypeError("a statement is signed by its own account");
  return signText(account, SIGNATURE_CONTEXTS.accountStatement, JSON.stringify(statement));
}

/** The statement in a signed text, if the account it names has signed it and it makes sense. */
export function openStatement(signed: SignedText): Outcome<AccountStatement> {
  const opened = openSigned(signed, {
    schema: accountStatement,
    context: SIGNATURE_CONTEXTS.accountStatement,
    bytesMax: STATEMENT_BYTES_MAX,
    signer: (statement) => statement.account,
  });
  if (!opened.ok) return fail("statement_invalid", opened.fault.detail);
  return checkSense(opened.value);
}

function checkSense(statement: AccountStatement): Outcome<AccountStatement> {
  const isFirst = statement.version === 1;
  if (isFirst !== (statement.prev === null)) {
    return fail("statement_invalid", "prev: expected null in version 1 and a hash in later ones");
  }
  const keys = statement.devices.flatMap(({ device, tls, seal }) => [device, tls, seal]);
  const distinct = new Set<string>([statement.account, ...keys]);
  if (distinct.size !== keys.length + 1) return fail("statement_invalid", "devices: expected no key twice");
  return succeed(statement);
}

/** A statement together with the text that carries it. */
export type OpenedStatement = { readonly statement: AccountStatement; readonly signed: SignedText };

/** `theft`: someone else signs with the account's key, and the two texts together prove it. */
export type StatementOrder = "newer" | "same" | "older" | "theft";

/** What an offered statement is to the one we know, both opened, both of one account. */
export function compareStatements(known: OpenedStatement, offered: OpenedStatement): StatementOrder {
  if (known.statement.account !== offered.statement.account) throw new TypeError("statements of two accounts");

  const ahead = offered.statement.version - known.statement.version;
  if (ahead === 0) return known.signed.text === offered.signed.text ? "same" : "theft";
  // Neighbours name each other: one that names another predecessor shows that there are two of that version.
  if (ahead === 1 && !follows(offered, known)) return "theft";
  if (ahead === -1 && !follows(known, offered)) return "theft";
  return ahead > 0 ? "newer" : "older";
}

function follows(later: OpenedStatement, earlier: OpenedStatement): boolean {
  return later.statement.prev === sha256Text(earlier.signed.text);
}

/** The device whose TLS key opened this channel, unless the account has revoked it. */
export function deviceForTlsKey(statement: AccountStatement, key: TlsKey): Outcome<StatementDevice> {
  const device = statement.devices.find(({ tls }) => tls === key);
  if (device === undefined) return fail("statement_invalid", "devices: expected the one of this TLS key");
  if (device.revoked !== null) return fail("statement_invalid", "device: expected one that is not revoked");
  return succeed(device);
}
