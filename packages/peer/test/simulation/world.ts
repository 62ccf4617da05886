import { VirtualClock, seededRandom } from "@papo/link/memory";
import type { AccountKey, DeviceKey, RoomId } from "@papo/protocol";
import type { HistoryChange } from "../../src/storage/history/history.ts";
import type { Person } from "../conversations/log/control-fixture.ts";
import { type Faults, type Said, SimLink, healthy } from "./sim-link.ts";
import { SimNode } from "./sim-node.ts";
import { Witness } from "./witness.ts";

type Disk = readonly (readonly HistoryChange[])[];
export type Cast = readonly {
  readonly name: string;
  readonly person: Person;
  readonly at: number;
  readonly isHonest: boolean;
  readonly disk: Disk;
}[];

/** Devices, what lies between them, and time. The same seed and the same steps are the same run. */
export class World {
  readonly clock = new VirtualClock();
  readonly random;
  readonly witness = new Witness();
  readonly kind: "open" | "invite";
  readonly room: RoomId;
  readonly nodes: readonly SimNode[];
  readonly honest: readonly SimNode[];
  readonly #honestDevices: ReadonlySet<DeviceKey>;
  readonly #listed = new Set<AccountKey>();
  readonly #faults = new Map<string, Faults>();
  /** What a dishonest device lets out. */
  filter: (from: SimNode, to: SimNode, said: Said) => Said | undefined = (_from, _to, said) => said;

  constructor(seed: number, { kind, room, cast }: { kind: "open" | "invite"; room: RoomId; cast: Cast }) {
    this.random = seededRandom(seed);
    this.kind = kind;
    this.room = room;
    this.nodes = cast.map((who) => new SimNode(this, who, { room, commits: who.disk }));
    this.honest = this.nodes.filter((_node, index) => cast[index]?.isHonest === true);
    this.#honestDevices = new Set(this.honest.map(({ device }) => device));
    for (const node of this.nodes) {
      if (node.knowsRoom) this.#listed.add(node.account);
      node.start();
    }
  }

  isHonestDevice(device: DeviceKey): boolean {
    return this.#honestDevices.has(device);
  }

  list(node: SimNode): void {
    this.#listed.add(node.account);
    for (const other of this.nodes) other.sync?.membersChanged(this.room);
  }

  isListed(account: AccountKey): boolean {
    return this.#listed.has(account);
  }

  // ---- links

  faults(from: SimNode, to: SimNode): Faults {
    const name = `${from.name} ${to.name}`;
    const known = this.#faults.get(name) ?? healthy();
    this.#faults.set(name, known);
    return known;
  }

  isLinked(a: SimNode, b: SimNode): boolean {
    return (a.links.get(b)?.length ?? 0) > 0;
  }

  /** A second one between the same two is possible, as when both dial at once. */
  link(a: SimNode, b: SimNode): void {
    if (a === b || !a.isUp || !b.isUp) return;
    const here = this.#end(a, b);
    const there = this.#end(b, a);
    here.other = there;
    there.other = here;
    a.sync?.linkOpened(here);
    b.sync?.linkOpened(there);
  }

  #end(node: SimNode, far: SimNode): SimLink {
    const isHonest = this.isHonestDevice(node.device);
    const link = new SimLink({
      ...{ clock: this.clock, random: this.random, far, faults: this.faults(node, far) },
      receive: (over, said) => node.heard(over, said),
      watch: (said) => {
        if (isHonest) this.witness.saw(node, far, said);
        return isHonest ? said : this.filter(node, far, said);
      },
    });
    node.links.set(far, [...(node.links.get(far) ?? []), link]);
    return link;
  }

  cut(a: SimNode, b: SimNode): void {
    for (const [node, far] of [
      [a, b],
      [b, a],
    ] as const) {
      const links = node.links.get(far) ?? [];
      node.links.delete(far);
      for (const link of links) {
        link.close();
        node.sync?.linkClosed(link);
      }
    }
  }

  unblock(): void {
    for (const faults of this.#faults.values()) Object.assign(faults, healthy());
    for (const node of this.nodes) for (const links of node.links.values()) for (const link of links) link.unblock();
  }

  /** Everybody runs, has space, and is linked with everybody. Links that live go on: what was lost on them must be made good. */
  heal(): void {
    this.unblock();
    for (const node of this.nodes) {
      node.isDiskFull = false;
      node.crashIn = undefined;
      node.start();
    }
    for (const [at, a] of this.nodes.entries()) {
      for (const b of this.nodes.slice(at + 1)) if (!this.isLinked(a, b)) this.link(a, b);
    }
  }

  /** Those who are members by their own word, or by that of another who is. */
  members(): readonly SimNode[] {
    const members = this.honest.filter(({ isMember }) => isMember);
    const accounts = new Set(members.flatMap(({ replica }) => [...(replica?.state.memberByAccount.keys() ?? [])]));
    return this.honest.filter((node) => node.knowsRoom && accounts.has(node.account));
  }
}
