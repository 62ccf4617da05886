import type { AccountKey, DeviceKey } from "@papo/protocol";
import type { AccountStatements } from "./adopted-statements.ts";
import type { Causality } from "./causality.ts";
import { type ControlNode, type Lane, byOrder } from "./control-node.ts";
import type { DeviceCuts } from "./device-cuts.ts";
import type { Before, Ends } from "./ends.ts";
import { listsDevice } from "./evidence.ts";
import { NO_RANK, OWNER_RANK, type Ranks } from "./ranks.ts";

type Parts = {
  readonly causality: Causality;
  readonly statements: ReadonlyMap<AccountKey, AccountStatements>;
  readonly cuts: DeviceCuts;
  readonly ranks: Ranks;
  readonly ends: Ends;
};

/** Which entries count, and whom they make members. Judged one by one in their order, each by its own past. docs/protocol/room-log.md §4.11 */
export class Memberships {
  readonly valid: Set<ControlNode>;
  readonly #parts: Parts;
  /** Entries that bring an account in: genesis, admit, join, device, hand-over. */
  readonly #entrances: Map<AccountKey, readonly ControlNode[]>;
  readonly #begins: Map<Lane, readonly ControlNode[]>;
  /** The same, of all branches of a device: whoever forks may have thousands. */
  readonly #beginsByDevice: Map<DeviceKey, readonly ControlNode[]>;

  /** Entries that brought an account in, by somebody who might have done so if they had not been removed, revoked or found to have forked. */
  readonly #undone: Map<AccountKey, ControlNode>;
  readonly #own = new WeakSet<readonly ControlNode[]>();

  /** `before`: of the same entries without these, none of which changes what others count for. */
  constructor(ordered: readonly ControlNode[], parts: Parts, before?: Memberships) {
    this.#parts = parts;
    this.valid = new Set(before?.valid);
    this.#entrances = new Map(before === undefined ? [] : before.#entrances);
    this.#begins = new Map(before === undefined ? [] : before.#begins);
    this.#beginsByDevice = new Map(before === undefined ? [] : before.#beginsByDevice);
    this.#undone = new Map(before === undefined ? [] : before.#undone);
    for (const node of ordered) {
      if (this.#judge(node)) this.#accept(node);
      else this.#noteUndone(node);
    }
  }

  accounts(): Iterable<AccountKey> {
    return this.#entrances.keys();
  }

  /** By account: who was let in by an entry that counts no more. */
  undone(): ReadonlyMap<AccountKey, ControlNode> {
    return this.#undone;
  }

  entrancesOf(account: AccountKey): readonly ControlNode[] {
    return this.#entrances.get(account) ?? NONE;
  }

  /** Entries by which the device of this lane began to write, in their order. */
  beginsOf(lane: Lane): readonly ControlNode[] {
    return this.#begins.get(lane) ?? NONE;
  }

  /** The first entrance before a point that no end before it has undone. */
  entranceAt(account: AccountKey, before: Before): ControlNode | undefined {
    const { ends } = this.#parts;
    return this.entrancesOf(account).find((node) => before(node) && ends.areBehind(account, node, before));
  }

  #accept(node: ControlNode): void {
    this.valid.add(node);
    const { says, account } = node;
    if (says?.kind === "admit" || (says?.kind === "role" && says.body.role === "owner")) {
      this.#add(this.#entrances, says.body.account, node);
    }
    if (says?.kind !== "genesis" && says?.kind !== "join" && says?.kind !== "device") return;
    this.#add(this.#entrances, account, node);
    this.#add(this.#begins, node.lane, node);
    this.#add(this.#beginsByDevice, node.header.author, node);
  }

  #noteUndone(node: ControlNode): void {
    const { ranks, ends } = this.#parts;
    if (node.says?.kind === "admit" && ranks.rankOfAuthor(node, ends) !== NO_RANK)
      this.#undone.set(node.says.body.account, node);
  }

  /** Lists of `before` are not ours to change; those that are grow in place: whoever forks may have thousands in one. */
  #add<K>(lists: Map<K, readonly ControlNode[]>, key: K, node: ControlNode): void {
    const known = lists.get(key);
    const own = known !== undefined && this.#own.has(known) ? (known as ControlNode[]) : [...(known ?? NONE)];
    const last = own.at(-1);
    own.push(node);
    if (last !== undefined && byOrder(last, node) > 0) own.sort(byOrder);
    this.#own.add(own);
    lists.set(key, own);
  }

  #judge(node: ControlNode): boolean {
    const { causality, cuts, ranks, ends } = this.#parts;
    const { says } = node;
    if (node.header.room === null) return true;
    if (ranks.isAfterClosing(node) || cuts.isRevoked(node) || (cuts.isForked(node) && !ends.isKept(node))) return false;
    if (says === undefined) return node.isUnknownKind && ranks.isByOwner(node);
    if (says.kind === "role") return ranks.roleActs.has(node);
    if (says.kind === "remove") return ends.has(node);
    if (says.kind === "leave" && !ends.has(node)) return false;
    if (says.kind === "fork") return node.evidence.fork !== undefined;
    if (ranks.isByOwner(node)) return this.#mayOwner(node);
    if (ends.isUndone(node)) return false;
    const before = (early: ControlNode): boolean => causality.precedes(early, node);
    if (says.kind === "join" || says.kind === "device") return this.#mayBegin(node, before);
    return this.#isWriting(node, before) && this.#mayDo(node);
  }

  #mayOwner(node: ControlNode): boolean {
    const { says } = node;
    if (says?.kind === "admit") return this.#mayAdmit(node, OWNER_RANK);
    return says?.kind === "join" || says?.kind === "device" ? this.#isStated(node) : true;
  }

  #mayDo(node: ControlNode): boolean {
    const { ranks, ends } = this.#parts;
    if (node.says?.kind === "leave" || node.says?.kind === "merge") return true;
    if (node.says?.kind !== "admit" && node.says?.kind !== "topic") return false;
    const rank = ranks.rankOfAuthor(node, ends);
    return rank !== NO_RANK && (node.says.kind === "topic" || this.#mayAdmit(node, rank));
  }

  /** Whoever was barred is let in again only by a rank as high as the one that barred it. */
  #mayAdmit(node: ControlNode, rank: number): boolean {
    const { causality, ends } = this.#parts;
    const { says, evidence } = node;
    if (says?.kind !== "admit" || !evidence.isInviteProven || !this.#isStatedFor(node, says.body.account)) return false;
    return !ends
      .of(says.body.account)
      .some((end) => end.isBar && end.rank < rank && causality.precedes(end.node, node));
  }

  /** The account was let in, or lets itself in with a ticket, after everything that ended its membership. */
  #mayBegin(node: ControlNode, before: Before): boolean {
    if (!this.#isStated(node)) return false;
    if (node.evidence.hasTicket && !this.#isBarred(node.account, before)) return true;
    return this.entranceAt(node.account, before) !== undefined;
  }

  #isBarred(account: AccountKey, before: Before): boolean {
    const { causality, ends } = this.#parts;
    return ends.of(account).some((end) => {
      if (!end.isBar || !before(end.node)) return false;
      const isPardon = (node: ControlNode): boolean => node.says?.kind === "admit" && before(node);
      return !this.entrancesOf(account).some((node) => isPardon(node) && causality.precedes(end.node, node));
    });
  }

  isBarredNow(account: AccountKey): boolean {
    return this.#isBarred(account, () => true);
  }

  /** Its device has begun after everything that ended the account's membership before. */
  #isWriting(node: ControlNode, before: Before): boolean {
    const { ends } = this.#parts;
    const begins = this.#beginsByDevice.get(node.header.author) ?? NONE;
    return begins.some((begin) => before(begin) && ends.areBehind(node.account, begin, before));
  }

  /** The statement that it carries is its account's, lists its device, and contradicts no other. */
  #isStated(node: ControlNode): boolean {
    const { statement } = node.evidence;
    return (
      statement !== undefined && listsDevice(statement, node.header.author) && this.#isStatedFor(node, node.account)
    );
  }

  #isStatedFor({ evidence: { statement } }: ControlNode, account: AccountKey): boolean {
    if (statement?.statement.account !== account) return false;
    return this.#parts.statements.get(account)?.refused.has(statement.signed.text) !== true;
  }
}

const NONE: readonly ControlNode[] = [];
