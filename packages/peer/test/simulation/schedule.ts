import { type Terms, beginningOf } from "./cast.ts";
import { Performer, type Step } from "./steps.ts";
import { disagreement, wrongs } from "./verdict.ts";
import { World } from "./world.ts";

/** Virtual time in which everybody must agree after everything is whole again: the longest wait between offers, twice, and some. */
const AGREE_WITHIN_MS = 900_000;
/** Then nothing new happens for so long. */
const REST_MS = 400_000;
/** Messages in that time, on all links together: offers that go on to those who lie. */
const MESSAGES_AT_REST_MAX = 3_000;

export type Schedule = { readonly seed: number; readonly terms: Terms; readonly steps: readonly Step[] };

/** Runs it and gives what was wrong, or nothing. */
export async function run({ seed, terms, steps }: Schedule): Promise<string | undefined> {
  const { room, cast } = await beginningOf(terms);
  const world = new World(seed, { kind: terms.kind, room, cast });
  const performer = new Performer(world);
  const [alice, ...members] = world.nodes.filter(({ knowsRoom }) => knowsRoom);
  if (alice !== undefined) for (const node of members) world.link(alice, node);
  for (const step of steps) {
    await performer.perform(step);
    // Nobody does two things in the same moment.
    await world.clock.advance(1);
  }
  await world.clock.advance(50);
  world.heal();
  const agreed = await settle(world);
  if (agreed !== undefined) return agreed;
  const before = world.witness.messages;
  await world.clock.advance(REST_MS);
  const [wrong] = wrongs(world);
  const chatter = world.witness.messages - before;
  if (chatter > MESSAGES_AT_REST_MAX) return `${chatter} messages at rest`;
  for (const node of world.nodes) node.crash();
  return wrong ?? world.witness.broken[0];
}

async function settle(world: World): Promise<string | undefined> {
  try {
    await world.clock.runUntil(
      () => world.witness.broken.length > 0 || disagreement(world) === undefined,
      AGREE_WITHIN_MS,
    );
    return undefined;
  } catch {
    return disagreement(world);
  }
}
