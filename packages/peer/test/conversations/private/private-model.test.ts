// Goal: whatever order disks, links and crashes come in, what a user was told is kept is kept, arrives once and in its author's order, and is never
// told to have arrived where it did not. Method: random schedules over three devices of two accounts with memory histories whose commits become
// durable when the schedule says so, or never; then everything heals, and the histories are compared.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "@papo/link/memory";
import { REOFFER_LAST_MS } from "@papo/protocol";
import fc from "fast-check";
import { Device, connect, deviceOf, settle } from "./chat-fixture.ts";

type Step =
  | { readonly kind: "write"; readonly from: number; readonly to: number }
  | { readonly kind: "connect"; readonly one: number; readonly two: number }
  | { readonly kind: "cut" | "deliver"; readonly device: number; readonly link: number; readonly count: number }
  | { readonly kind: "flush"; readonly device: number }
  | { readonly kind: "disk"; readonly device: number; readonly isFull: boolean }
  | { readonly kind: "crash"; readonly device: number; readonly kept: number };

const ANA = 0;
const BIAS = [1, 2];
const device = fc.integer({ min: 0, max: 2 });
const bia = fc.constantFrom(...BIAS);
const place = { device, link: fc.nat({ max: 3 }), count: fc.integer({ min: 1, max: 5 }) };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("write" as const), from: fc.constant(ANA), to: bia }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("write" as const), from: bia, to: fc.constant(ANA) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("connect" as const), one: fc.constant(ANA), two: bia }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cut" as const), ...place }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("deliver" as const), ...place }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("flush" as const), device }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("disk" as const), device, isFull: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const), device, kept: fc.nat({ max: 3 }) }) },
);

class World {
  readonly clock = new VirtualClock();
  readonly devices: readonly Device[];
  /** Texts that their author was told are on the disk. */
  readonly kept = new Set<string>();
  readonly #full = new Set<number>();
  #count = 0;

  constructor() {
    const { clock } = this;
    const disk = (index: number) => ({ sync: () => undefined, fails: () => this.#full.has(index) });
    const devicesOf = () => [deviceOf("bia"), deviceOf("tablet")];
    this.devices = [
      new Device({
        name: "ana",
        clock,
        history: disk(ANA),
        devicesOf: (account) => (account === this.#device(1).account ? devicesOf() : []),
      }),
      new Device({ name: "bia", clock, history: disk(1) }),
      new Device({ name: "bia", device: "tablet", clock, history: disk(2) }),
    ];
  }

  #device(index: number): Device {
    const found = this.devices[index];
    if (found === undefined) throw new RangeError("no such device");
    return found;
  }

  async run(next: Step): Promise<void> {
    switch (next.kind) {
      case "write": {
        const text = `${next.from}:${++this.#count}`;
        void this.#device(next.from)
          .send(this.#device(next.to), text)
          .then((sent) => sent.ok && this.kept.add(text));
        break;
      }
      case "connect":
        connect(this.#device(next.one), this.#device(next.two));
        break;
      case "cut":
        this.#link(next)?.cut();
        break;
      case "deliver":
        for (let done = 0; done < next.count; done += 1) this.#link(next)?.deliver();
        break;
      case "flush":
        this.#device(next.device).history.flush();
        break;
      case "disk":
        if (next.isFull) this.#full.add(next.device);
        else this.#full.delete(next.device);
        break;
      case "crash":
        await this.#device(next.device).restart(next.kept);
        break;
    }
    await this.clock.settle();
    this.#checkClaims();
  }

  #link({ device: index, link }: { readonly device: number; readonly link: number }) {
    const links = [...this.#device(index).links];
    return links[link % Math.max(1, links.length)];
  }

  /** The devices of the other account. */
  othersOf(author: Device): readonly Device[] {
    return this.devices.filter(({ account }) => account !== author.account);
  }

  /** What is told to have arrived is on a disk of the other account. */
  #checkClaims(): void {
    for (const author of this.devices) {
      const others = this.othersOf(author);
      for (const event of author.events) {
        if (event.kind !== "delivery" || event.message.delivery?.kind !== "sent") continue;
        if (event.message.delivery.received === 0) continue;
        const { content } = event.message;
        assert.ok(
          others.some((other) => other.texts(author).includes(content)),
          `${content} was told to have arrived`,
        );
      }
    }
  }

  /** Every link is there, every disk writes. */
  async heal(): Promise<void> {
    this.#full.clear();
    const [ana, ...bias] = this.devices;
    for (const one of this.devices) for (const link of [...one.links]) link.cut();
    for (let round = 0; round < 4; round += 1) {
      for (const one of this.devices) one.history.flush();
      await this.clock.settle();
    }
    if (ana !== undefined) for (const other of bias) connect(ana, other);
    for (let round = 0; round < 12; round += 1) {
      await settle(...this.devices);
      await this.clock.advance(REOFFER_LAST_MS);
      for (const one of this.devices) one.history.flush();
      await this.clock.settle();
    }
  }
}

function chainOf(author: Device, reader: Device): readonly string[] {
  return reader.history.privateChain(author.account, author.device, 1, 10_000).map(({ text }) => text);
}

test("I1 I2 I3 I9 F1 F16: any schedule of writes, links, disks and crashes ends with the same chains everywhere", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 80 }), async (steps) => {
      const world = new World();
      for (const next of steps) await world.run(next);
      await world.heal();
      for (const author of world.devices) {
        const readers = world.othersOf(author);
        const [far] = readers;
        assert.ok(far !== undefined);
        const own = author.history.privateChain(far.account, author.device, 1, 10_000);
        own.forEach(({ seq, prev }, at) => assert.deepEqual([seq, prev], [at + 1, own[at - 1]?.id ?? null]));
        const texts = own.map(({ text }) => text);
        for (const reader of readers) {
          assert.deepEqual(chainOf(author, reader), texts);
          const lines = reader.history.privateChain(author.account, author.device, 1, 10_000);
          assert.ok(lines.every(({ afterGap, forked, shown }) => !afterGap && !forked && shown));
        }
        const index = world.devices.indexOf(author);
        for (const text of world.kept)
          if (text.startsWith(`${index}:`)) assert.ok(texts.includes(text), `${text} is lost`);
        assert.equal(author.chats.isWaitingFor(far.account), false);
        const shown = author.texts(far);
        assert.equal(new Set(shown).size, shown.length);
        const told = author.told("message").flatMap((event) => (event.kind === "message" ? [event.message.id] : []));
        assert.equal(new Set(told).size, told.length);
      }
    }),
    { numRuns: 400 },
  );
});
