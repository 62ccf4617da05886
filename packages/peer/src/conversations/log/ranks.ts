import type { AccountKey } from "@papo/protocol";
import { type Causality, push } from "./causality.ts";
import { type ControlNode, byOrder } from "./control-node.ts";
import type { DeviceCuts } from "./device-cuts.ts";
import type { Before, Ends } from "./ends.ts";

/** The lower the higher: the owner, then moderators in the order of their appointment, then everybody else. */
export const OWNER_RANK = 0;
export const NO_RANK = Infinity;

/** From this entry on (exclusive) the account owns the room. */
type Owner = { readonly account: AccountKey; readonly node: ControlNode };

type Appointment = { readonly node: ControlNode; readonly role: "moderator" | "member"; readonly rank: number };

/**
 * Who has which rank, from the owners' acts alone: an owner cannot be removed, so nothing that others do changes what these say. docs/protocol/room-log.md §4.6
 */
export class Ranks {
  readonly owners: readonly Owner[];
  /** Entries of kind `role` that count. */
  readonly roleActs = new Set<ControlNode>();
  /** In their order: ranks ascending. */
  readonly moderatorActs: ControlNode[] = [];
  readonly #closings: readonly ControlNode[];
  readonly #causality: Causality;
  readonly #cuts: DeviceCuts;
  readonly #appointments = new Map<AccountKey, Appointment[]>();

  constructor(causality: Causality, cuts: DeviceCuts, ordered: readonly ControlNode[], genesis: ControlNode) {
    this.#causality = causality;
    this.#cuts = cuts;
    const decisive = ordered.filter(
      ({ isRanked, says }) => isRanked && (says?.kind === "role" || says?.kind === "close"),
    );
    this.owners = this.#followOwners(decisive, genesis);
    this.#closings = decisive.filter((node) => node.says?.kind === "close" && this.isByOwner(node));
    for (const node of decisive) if (!this.isAfterClosing(node) && this.isByOwner(node)) this.#appoint(node);
    this.owners.slice(1).forEach(({ node }, index) => this.#demote(this.owners[index]?.account, node));
  }

  get isClosed(): boolean {
    return this.#closings.length > 0;
  }

  isAfterClosing(node: ControlNode): boolean {
    return this.#closings.some((closing) => this.#causality.precedes(closing, node));
  }

  /** By the owner of its own past, and before the room went to the next one. */
  isByOwner(node: ControlNode): boolean {
    const at = this.#ownerIndex((early) => this.#causality.precedes(early, node));
    const next = this.owners[at + 1]?.node;
    if (this.owners[at]?.account !== node.account || this.#isDead(node)) return false;
    return next === undefined || next === node || this.#causality.precedes(node, next);
  }

  ownerAt(before: Before): AccountKey | undefined {
    return this.owners[this.#ownerIndex(before)]?.account;
  }

  /** Of an act's author, by its own past. */
  rankOfAuthor(node: ControlNode, ends: Ends): number {
    if (this.isByOwner(node)) return OWNER_RANK;
    return this.#moderatorRank(node.account, (early) => this.#causality.precedes(early, node), ends);
  }

  rankAt(account: AccountKey, before: Before, ends: Ends): number {
    if (this.ownerAt(before) === account) return OWNER_RANK;
    return this.#moderatorRank(account, before, ends);
  }

  /** Somebody gave the account a rank above `rank` concurrently to `node`. */
  wasRaisedBeside(account: AccountKey, node: ControlNode, rank: number): boolean {
    const isBeside = (other: ControlNode): boolean =>
      !this.#causality.precedes(other, node) && !this.#causality.precedes(node, other);
    if (this.owners.some((owner) => owner.account === account && isBeside(owner.node))) return true;
    const raises = this.#appointments.get(account) ?? [];
    return raises.some((raise) => raise.role === "moderator" && raise.rank < rank && isBeside(raise.node));
  }

  /** A moderator is one whose last appointment made it so, and that came after everything that ended a membership. */
  #moderatorRank(account: AccountKey, before: Before, ends: Ends): number {
    let rank = NO_RANK;
    for (const { node, role, rank: given } of this.#appointments.get(account) ?? []) {
      if (!before(node)) continue;
      if (role === "member") rank = NO_RANK;
      else if (rank === NO_RANK && ends.areBehind(account, node, before)) rank = given;
    }
    return rank;
  }

  #ownerIndex(before: Before): number {
    for (let at = this.owners.length - 1; at > 0; at -= 1) {
      const owner = this.owners[at];
      if (owner !== undefined && before(owner.node)) return at;
    }
    return 0;
  }

  /** Of several hand-overs by one owner that do not know of each other, the first by (depth, id) counts. */
  #followOwners(decisive: readonly ControlNode[], genesis: ControlNode): readonly Owner[] {
    const owners: Owner[] = [{ account: genesis.account, node: genesis }];
    for (const node of decisive) {
      const owner = owners.at(-1);
      if (owner === undefined || node.says?.kind !== "role" || node.says.body.role !== "owner") continue;
      const { account } = node.says.body;
      if (node.account !== owner.account || account === owner.account || this.#isDead(node)) continue;
      if (!this.#causality.precedes(owner.node, node) || !this.#hasBegun(account, node)) continue;
      if (this.#wasClosed(decisive, owner, node)) continue;
      owners.push({ account, node });
    }
    return owners;
  }

  /** Nobody can be handed a room who has never written in it. */
  #hasBegun(account: AccountKey, node: ControlNode): boolean {
    const lanes = this.#causality.lanesOfAccount(account);
    return lanes.some((lane) => this.#causality.lastBefore(node, lane) !== undefined);
  }

  #wasClosed(decisive: readonly ControlNode[], owner: Owner, node: ControlNode): boolean {
    const isClosing = (other: ControlNode): boolean =>
      other.says?.kind === "close" && other.account === owner.account && !this.#isDead(other);
    return decisive.some((other) => isClosing(other) && this.#causality.precedes(other, node));
  }

  #appoint(node: ControlNode): void {
    if (node.says?.kind !== "role") return;
    const { account, role } = node.says.body;
    const isHandOver = role === "owner";
    if (isHandOver !== this.owners.some((owner) => owner.node === node)) return;
    if (!isHandOver && account === node.account) return;
    this.roleActs.add(node);
    if (role === "owner") return;
    if (role === "moderator") this.moderatorActs.push(node);
    push(this.#appointments, account, { node, role, rank: this.moderatorActs.length });
  }

  /** Whoever hands the room over is a plain member, whatever they were before. */
  #demote(account: AccountKey | undefined, node: ControlNode): void {
    if (account === undefined) return;
    const raises = this.#appointments.get(account) ?? [];
    const at = raises.findIndex((raise) => byOrder(raise.node, node) > 0);
    raises.splice(at < 0 ? raises.length : at, 0, { node, role: "member", rank: NO_RANK });
    this.#appointments.set(account, raises);
  }

  #isDead(node: ControlNode): boolean {
    return this.#cuts.isRevoked(node) || this.#cuts.isForked(node);
  }
}
