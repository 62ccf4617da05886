import { type DeviceKey, ENTRY_SALT_BYTES, type EntryHeader } from "@papo/protocol";
import { decodeHistoryBase, historyBaseOf } from "../../src/conversations/log/history-base.ts";
import type { RoomState } from "../../src/conversations/log/room-state.ts";
import type { StoredEntry } from "../../src/storage/history/history.ts";
import type { SimNode } from "./sim-node.ts";
import type { World } from "./world.ts";

// What must hold of a world that is whole again and at rest. Each says what is wrong, or nothing.

/** I5: all members have the same entries, beyond where their own histories begin. Undefined: they do. */
export function disagreement(world: World): string | undefined {
  const members = world.members();
  const [first, ...others] = members;
  if (first === undefined) return undefined;
  for (const node of members) if (!node.isMember) return `${node.name} has not begun`;
  for (const node of others) {
    const differs = differenceOf(first, node);
    if (differs !== undefined) return `I5: ${first.name} and ${node.name}: ${differs}`;
  }
  return leftBehind(world, first);
}

/** F17: who is out knows it. */
function leftBehind(world: World, member: SimNode): string | undefined {
  const former = member.replica?.state.formerByAccount;
  const unaware = world.honest.find((node) => former?.has(node.account) === true && node.isMember);
  return unaware === undefined ? undefined : `F17: ${unaware.name} does not know that it is out`;
}

function differenceOf(one: SimNode, other: SimNode): string | undefined {
  const state = stateOf(one);
  if (state !== stateOf(other)) return `state\n${state}\n${stateOf(other)}`;
  const devices = new Set([one, other].flatMap(({ replica }) => (replica?.heads() ?? []).map(({ device }) => device)));
  for (const device of devices) {
    const content = [one, other].map((node) => headOf(node, one, other, device));
    if (content[0] !== content[1]) return `content of ${nameOf(one.world, device)}: ${content.join(" and ")}`;
    if (one.replica?.head(device, "control") !== other.replica?.head(device, "control")) {
      return `control of ${nameOf(one.world, device)}`;
    }
  }
  return undefined;
}

/** Where both may read. */
function headOf(node: SimNode, one: SimNode, other: SimNode, device: Parameters<SimNode["baseOf"]>[0]): string {
  const base = Math.max(one.baseOf(device, "content"), other.baseOf(device, "content"));
  const [seq, id] = node.replica?.heads().find((heads) => heads.device === device)?.content ?? [0, ""];
  return seq <= base ? `${base}` : `${seq} ${id}`;
}

function nameOf(world: World, device: string): string {
  return world.nodes.find((node) => node.device === device)?.name ?? device.slice(0, 6);
}

/** A state is another object whenever it has changed. */
const textByState = new WeakMap<RoomState, string>();

function stateOf({ replica }: SimNode): string {
  if (replica === undefined) return "";
  const { state } = replica;
  const text = textByState.get(state) ?? textOf(state);
  textByState.set(state, text);
  return text;
}

function textOf(state: RoomState): string {
  const members = [...state.memberByAccount.values()].map(({ account, role, rank, devices, base }) => {
    return [account, role, String(rank), [...devices].sort(), [...base].map(String).toSorted()];
  });
  const former = [...state.formerByAccount].map(([account, { by, kind, barred }]) => [account, by, kind, barred]);
  return JSON.stringify({
    members: members.map((each) => JSON.stringify(each)).toSorted(),
    former: former.map((each) => JSON.stringify(each)).toSorted(),
    ...{ topic: state.topic, closed: state.closed, readOnly: state.readOnly, heads: state.heads },
    ...{ forked: [...state.forked].sort(), void: [...state.voidIds].sort() },
  });
}

/** Everything else, of a world where they agree. */
export function* wrongs(world: World): Iterable<string> {
  yield* world.witness.broken;
  for (const node of world.honest) {
    if (node.replica?.state.genesis === undefined) continue;
    yield* wrongsOf(node);
  }
  yield* lost(world);
  yield* differentOrders(world);
  yield* falseDeliveries(world);
}

function* wrongsOf(node: SimNode): Iterable<string> {
  const lines = node.lines();
  const ids = lines.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) yield `I2: ${node.name} shows a line twice`;
  const entries = everything(node);
  for (const entry of entries) yield* wrongsOfEntry(node, entry);
  // Every entry raises the room's clock by one at most.
  const highest = entries.length + node.history.control(node.room).length;
  const pushed = entries.find(({ effective }) => effective > highest);
  if (hasAll(node) && pushed !== undefined) yield `P18: the clock of ${node.name} was pushed to ${pushed.effective}`;
  yield* gaps(node, lines);
}

/** All content that counts at a device. */
function everything(node: SimNode): readonly StoredEntry[] {
  const { replica, history, room } = node;
  return (replica?.heads() ?? []).flatMap(({ device, content }) =>
    content === null ? [] : history.range(room, device, "content", 1, 10_000),
  );
}

function* wrongsOfEntry(node: SimNode, entry: StoredEntry): Iterable<string> {
  const { world, replica } = node;
  const place = `${nameOf(world, entry.author)} ${entry.chain} ${entry.seq}`;
  const author = world.honest.find(({ device }) => device === entry.author);
  if (author !== undefined && author.entry(entry.id) === undefined) {
    yield `I10: ${node.name} has ${place}, which its author did not write`;
  }
  const spans = replica?.state.spans(entry.author, entry.chain) ?? [];
  if (!spans.some(([from, to]) => entry.seq >= from && entry.seq <= to)) yield `I8: ${node.name} counts ${place}`;
  const { room, auth, deps } = JSON.parse(Buffer.from(entry.header).toString()) as EntryHeader;
  if (room !== node.room) yield `P10: ${node.name} has ${place}, which is of another room`;
  if (auth.some((id) => node.entry(id) === undefined))
    yield `P14: ${node.name} has ${place}, written under what is not here`;
  for (const [, , id] of deps) {
    const held = node.entry(id);
    if (hasAll(node) && held !== undefined && !held.isVoid && held.effective >= entry.effective)
      yield `I4: ${node.name} shows ${place} before what it builds on`;
  }
}

function hasAll({ replica, account }: SimNode): boolean {
  return (replica?.state.memberByAccount.get(account)?.base.size ?? 0) === 0;
}

/** I3: each number follows the one before it, but where a return to the room begins, or the part of the room's past that is ours to read. */
function* gaps(node: SimNode, lines: readonly StoredEntry[]): Iterable<string> {
  for (const author of new Set(lines.map((line) => line.author))) {
    const all = node.history.range(node.room, author, "content", 1, 10_000);
    const spans = node.replica?.state.spans(author, "content") ?? [];
    const starts = [1, ...spans.map(([from]) => from), ...basesOf(node, author).map((base) => base + 1)];
    for (const [at, { seq }] of all.entries()) {
      const before = all[at - 1]?.seq ?? 0;
      if (seq !== before + 1 && !starts.includes(seq)) {
        yield `I3: ${node.name} shows ${nameOf(node.world, author)} ${seq} after ${before}`;
      }
    }
  }
}

/** Where the history of this account began, each time that it was let in. */
function basesOf(node: SimNode, author: DeviceKey): readonly number[] {
  const admits = node.history.control(node.room).filter(({ kind }) => kind === "admit");
  const bodies = admits.map(
    ({ body }) =>
      JSON.parse(
        Buffer.from(body ?? [])
          .subarray(ENTRY_SALT_BYTES)
          .toString(),
      ) as Admit,
  );
  const bases = bodies.filter(({ account }) => account === node.account).map(({ base }) => base ?? "");
  return bases.map((base) => historyBaseOf(decodeHistoryBase(base), [author]).get(author) ?? 0);
}

type Admit = { readonly account: string; readonly base: string | null };

/** I1: what an honest member has written and was told to be kept is with everybody, unless somebody with the right to do so cut it off. */
function* lost(world: World): Iterable<string> {
  const members = world.members();
  for (const author of world.honest) {
    for (const entry of author.history.range(author.room, author.device, "content", 1, 10_000)) {
      for (const node of members) {
        const spans = node.replica?.state.spans(author.device, "content") ?? [];
        const counts = spans.some(([from, to]) => entry.seq >= from && entry.seq <= to);
        const isHeld = node.entry(entry.id)?.isVoid === false;
        if (counts && entry.seq > node.baseOf(author.device, "content") && !isHeld) {
          yield `I1: ${author.name} ${entry.seq} is lost at ${node.name}`;
        }
      }
    }
  }
  yield* written(world);
}

/** What was told to its author to be kept is on its disk for good. */
function* written(world: World): Iterable<string> {
  for (const [id, node] of world.witness.kept) {
    if (node.entry(id) === undefined) yield `I1: ${node.name} lost what it was told to be kept`;
  }
}

/**
 * Not of those whose history begins later: to them, what names something before it may stand as high as it claims, so somebody who claims too much right after
 * their beginning stands elsewhere than for the others (room-log.md §3).
 */
function* differentOrders(world: World): Iterable<string> {
  const members = world.members().filter(hasAll);
  const [first] = members;
  if (first === undefined) return;
  for (const node of members) {
    const [ours, theirs] = [first, node].map((each) => each.lines().map(({ id }) => id));
    if (JSON.stringify(ours) !== JSON.stringify(theirs)) yield `I5: ${first.name} and ${node.name} show another order`;
    for (const { id, text } of node.lines()) {
      const held = first.entry(id)?.text ?? null;
      // A body that is gone is gone, though the delete may count no more.
      if (held !== null && text !== null && held !== text)
        yield `I10: ${first.name} and ${node.name} read another text`;
    }
  }
}

/** Who is said to have stored something has it. */
function* falseDeliveries(world: World): Iterable<string> {
  for (const author of world.members()) {
    const head = author.replica?.head(author.device, "content") ?? 0;
    for (let seq = 1; seq <= head; seq += 1) {
      const accounts = author.sync?.storedBy(author.room, author.device, seq) ?? new Set();
      for (const node of world.honest) {
        if (!accounts.has(node.account) || node.account === author.account) continue;
        const devices = world.honest.filter(({ account }) => account === node.account);
        const holds = devices.some(
          (device) =>
            Math.max(0, ...basesOf(device, author.device)) >= seq ||
            device.history.entryAt(author.room, author.device, "content", seq) !== undefined,
        );
        if (!holds) yield `I1: ${author.name} believes that ${node.name} has ${seq}`;
      }
    }
  }
}
