import { PARTIAL_MESH_LINKS, type RoomId } from "@papo/protocol";
import { type Node, SyncWorld } from "../conversations/sync/sync-fixture.ts";

// A room too large for everybody to link with everybody: the real sync over a log without cryptography, links of 1 ms on virtual time.

export type Crowd = {
  readonly members: number;
  /** Of them, those whose process has ended without anybody having noticed: their links are there and carry nothing. */
  readonly failing: number;
  /** Devices of somebody who dials everybody, takes everything and passes on nothing. */
  readonly attackers: number;
  readonly entries: number;
  readonly seed: number;
};

export type Spread = {
  /** Copies of each entry that reached the members who work, for each of them; with 1 nobody hears anything twice. */
  readonly copiesEach: number;
  /** Messages about an entry that are none of its copies (digests, heads, what is stored), for each member, in all. */
  readonly wordsEach: number;
  /** Milliseconds until an entry was durable at half, at 99 of 100, and at all of the members who work: medians, and the last of all. */
  readonly halfMs: number;
  readonly mostMs: number;
  readonly allMs: number;
  readonly slowestMs: number;
  /** Of the links that a member keeps by its own choice, those that lead to an attacker: the mean, and the most. */
  readonly attackedMean: number;
  readonly attackedMost: number;
};

const PATIENCE_MS = 900_000;

export async function spreadIn(crowd: Crowd): Promise<Spread> {
  const world = new SyncWorld(crowd.seed);
  const nodes = Array.from({ length: crowd.members + crowd.attackers }, (_, at) => world.node(`n${at}`));
  const room = world.room("crowd", nodes);
  const attackers = nodes.slice(crowd.members);
  const working = nodes.slice(crowd.failing, crowd.members);
  const attacked = linkUp(world, nodes, { room, attackers });
  await world.run(120_000);
  for (const node of [...attackers, ...nodes.slice(0, crowd.failing)]) silence(node);

  const before = countIn(working);
  const times: Times[] = [];
  for (let at = 0; at < crowd.entries; at += 1) times.push(await say(world, room, { working, at }));
  await world.run(60_000);
  const after = countIn(working);
  const median = (of: (time: Times) => number) => times.map(of).toSorted((a, b) => a - b)[times.length >>> 1] ?? 0;
  return {
    copiesEach: (after.copies - before.copies) / crowd.entries / working.length,
    wordsEach: (after.words - before.words) / crowd.entries / working.length,
    halfMs: median(({ half }) => half),
    mostMs: median(({ most }) => most),
    allMs: median(({ all }) => all),
    slowestMs: Math.max(...times.map(({ all }) => all)),
    attackedMean: attacked.reduce((sum, count) => sum + count, 0) / attacked.length,
    attackedMost: Math.max(...attacked),
  };
}

/** Everybody links with those whom they choose, the attackers with everybody. Returns how many attackers each member chose. */
function linkUp(
  world: SyncWorld,
  nodes: readonly Node[],
  { room, attackers }: { readonly room: RoomId; readonly attackers: readonly Node[] },
): readonly number[] {
  const nodeByDevice = new Map(nodes.map((node) => [node.device, node]));
  const online = nodes.map(({ device }) => device);
  const members = nodes.filter((node) => !attackers.includes(node));
  const link = (a: Node, b: Node) => {
    if (a !== b && !a.links.has(b)) world.link(a, b);
  };
  // They come first, so that theirs are the links that are there already.
  for (const attacker of attackers) for (const node of members) link(attacker, node);
  return members.map((node) => {
    const chosen = [...(node.sync.neighbours(room, online) ?? [])].flatMap((device) => nodeByDevice.get(device) ?? []);
    for (const other of chosen) link(node, other);
    return chosen.filter((other) => attackers.includes(other)).length;
  });
}

/** It takes what comes, and nothing comes from it. */
function silence(node: Node): void {
  for (const link of node.links.values()) link.drops = () => true;
}

type Times = { readonly half: number; readonly most: number; readonly all: number };

async function say(
  world: SyncWorld,
  room: RoomId,
  { working, at }: { readonly working: readonly Node[]; readonly at: number },
): Promise<Times> {
  const author = working[(at * 37) % working.length];
  if (author === undefined) throw new Error("nobody works");
  const startMs = world.clock.monotonicMs();
  author.say(room, `entry ${at}`);
  const seq = author.in(room).head(author.device, "content");
  const reached = async (share: number): Promise<number> => {
    const enough = Math.ceil(working.length * share);
    const holds = () => working.filter((node) => node.in(room).head(author.device, "content") >= seq).length >= enough;
    await world.clock.runUntil(holds, PATIENCE_MS);
    return world.clock.monotonicMs() - startMs;
  };
  return { half: await reached(0.5), most: await reached(0.99), all: await reached(1) };
}

/** What came in at these. */
function countIn(nodes: readonly Node[]): { readonly copies: number; readonly words: number } {
  let copies = 0;
  let words = 0;
  for (const node of nodes) {
    for (const [far] of node.links) {
      const link = far.links.get(node);
      copies += link?.entryCount ?? 0;
      words += link?.said.length ?? 0;
    }
  }
  return { copies, words };
}

/** As many as two devices choose each other at most. */
export const COPIES_EACH_MAX = 3 * PARTIAL_MESH_LINKS;
