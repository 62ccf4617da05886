import type { AccountKey, DeviceKey } from "@papo/protocol";
import type { AccountStatements } from "./adopted-statements.ts";
import { type Causality, push } from "./causality.ts";
import type { ControlNode } from "./control-node.ts";
import { listsDevice } from "./evidence.ts";

/** A device was revoked by its own account. */
type Revocation = { readonly node: ControlNode; readonly control: number; readonly content: number };

/** Up to which numbers a forked device counts. */
type ForkCut = { readonly control: number; readonly content: number };

/** Which entries of a device count for nothing because of the device itself: it was revoked, or it forked. docs/protocol/room-log.md §4.8, §4.9 */
export class DeviceCuts {
  readonly #causality: Causality;
  readonly #revocations = new Map<DeviceKey, Revocation[]>();
  readonly #forkCuts = new Map<DeviceKey, ForkCut>();

  constructor(
    causality: Causality,
    ordered: readonly ControlNode[],
    statements: ReadonlyMap<AccountKey, AccountStatements>,
  ) {
    this.#causality = causality;
    for (const node of revokingByVersion(ordered, statements)) if (!this.isRevoked(node)) this.#revoke(node);
    this.#cutForks(ordered);
  }

  isRevokedDevice(account: AccountKey, device: DeviceKey): boolean {
    return this.#revocationsOf(account, device).length > 0;
  }

  /** What its account revoked its device for: everything but what lies before one of the revocations, up to its cut. */
  isRevoked(node: ControlNode): boolean {
    const revocations = this.#revocationsOf(node.account, node.header.author);
    return revocations.length > 0 && !revocations.some((revocation) => this.#keeps(revocation, node));
  }

  /** Beyond the place where its device forked. A revocation that keeps it settles the matter, and so does the founding of the room. */
  isForked({ account, header }: ControlNode): boolean {
    const cut = this.#forkCuts.get(header.author);
    if (cut === undefined || header.seq <= cut.control || header.room === null) return false;
    return !this.isRevokedDevice(account, header.author);
  }

  /** Up to which content number the device counts, as far as it is for the device: `Infinity` where nothing is wrong with it. */
  contentCut(account: AccountKey, device: DeviceKey): number {
    const revocations = this.#revocationsOf(account, device);
    const revoked = revocations.length === 0 ? Infinity : Math.max(...revocations.map(({ content }) => content));
    return Math.min(revoked, this.#forkCuts.get(device)?.content ?? Infinity);
  }

  forkedDevices(): Iterable<DeviceKey> {
    return this.#forkCuts.keys();
  }

  /** An account revokes its own devices alone: others may list them too. */
  #revocationsOf(account: AccountKey, device: DeviceKey): readonly Revocation[] {
    const revocations = this.#revocations.get(device);
    return revocations === undefined ? NONE : revocations.filter(({ node }) => node.account === account);
  }

  #keeps({ node, control }: Revocation, kept: ControlNode): boolean {
    return kept.header.seq <= control && this.#causality.precedes(kept, node);
  }

  #revoke(node: ControlNode): void {
    if (node.says?.kind !== "device") return;
    const listed = new Set(
      node.evidence.statement?.statement.devices.flatMap((d) => (d.revoked === null ? [] : d.device)),
    );
    for (const cut of node.says.body.cuts) {
      if (!listed.has(cut.device)) continue;
      const revocation = { node, control: cut.control?.[0] ?? 0, content: cut.content?.[0] ?? 0 };
      push(this.#revocations, cut.device, revocation);
    }
  }

  #cutForks(ordered: readonly ControlNode[]): void {
    const tellings = new Map<DeviceKey, Telling[]>();
    for (const node of ordered) {
      const { says, evidence } = node;
      if (says?.kind !== "fork" || evidence.fork === undefined) continue;
      const seen = this.#lastControl(node, says.body.device);
      push(tellings, says.body.device, {
        chain: says.body.chain,
        ...evidence.fork,
        control: says.body.chain === "control" ? (says.body.cut.control?.[0] ?? 0) : seen,
        content: says.body.cut.content?.[0] ?? 0,
      });
    }
    for (const [device, told] of tellings) {
      this.#forkCuts.set(device, { control: cutOf("control", told), content: cutOf("content", told) });
    }
  }

  #lastControl(node: ControlNode, device: DeviceKey): number {
    const lanes = this.#causality.lanesOf(device);
    return Math.max(0, ...lanes.map((lane) => this.#causality.lastBefore(node, lane)?.header.seq ?? 0));
  }
}

const NONE: readonly Revocation[] = [];

/** One member's word about a fork, with its proof. */
type Telling = {
  readonly chain: "control" | "content";
  readonly seq: number;
  readonly isParting: boolean;
  readonly control: number;
  readonly content: number;
};

/** The furthest cut of those about this chain, before every number that is proven to be there twice and before every parting; else the furthest at all. */
function cutOf(chain: "control" | "content", told: readonly Telling[]): number {
  const about = told.filter((telling) => telling.chain === chain);
  const counted = about.length === 0 ? told : about;
  const parting = Math.min(Infinity, ...about.filter(({ isParting }) => isParting).map(({ seq }) => seq - 1));
  const furthest = Math.max(0, ...counted.map((t) => (t.chain === chain ? Math.min(t[chain], t.seq - 1) : t[chain])));
  return Math.min(parting, furthest);
}

/** Revoking entries, those with the newest statement first: it decides who may revoke. */
function revokingByVersion(
  ordered: readonly ControlNode[],
  statements: ReadonlyMap<AccountKey, AccountStatements>,
): readonly ControlNode[] {
  const revoking = ordered.filter(({ says, account, header, evidence: { statement } }) => {
    if (says?.kind !== "device" || says.body.cuts.length === 0 || statement === undefined) return false;
    if (statement.statement.account !== account || !listsDevice(statement, header.author)) return false;
    return statements.get(account)?.refused.has(statement.signed.text) !== true;
  });
  return revoking.toSorted((a, b) => versionOf(b) - versionOf(a));
}

function versionOf({ evidence }: ControlNode): number {
  return evidence.statement?.statement.version ?? 0;
}
