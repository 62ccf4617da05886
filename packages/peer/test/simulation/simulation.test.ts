// Goal: whatever links, disks, processes and a member without rules do, once everybody can exchange bytes again all honest members have the same entries in the
// same order under the same rules, nothing that was told to be kept is lost, and nothing was told, taken or acknowledged that must not be.
// Method: the real engine of a room (log, sync, store) on virtual time and links in memory; seeded schedules of random steps, with a crash at any durable write. A
// failure names its seed, and is shrunk to the steps that matter. The same schedules run each time; PAPO_SEED=… runs others, PAPO_SCHEDULES=10000 more. docs/simulator.md
import { test } from "node:test";
import fc from "fast-check";
import { run } from "./schedule.ts";
import { step } from "./steps.ts";

const SCHEDULES = Number(process.env["PAPO_SCHEDULES"] ?? 1_000);
const SEED = Number(process.env["PAPO_SEED"] ?? 2026);
/** Shrinking runs hundreds of schedules that fail, and such a one takes long: it ends with the smallest until then. */
const ENDS_AFTER_MS = SCHEDULES * 1_000;
const STEPS_MAX = 60;
/** Each a test of its own, so that none takes long. */
const SHARES = 4;

const terms = fc.record({
  kind: fc.constantFrom("open" as const, "invite" as const),
  history: fc.constantFrom("all" as const, "join" as const),
});
const schedule = fc.record({
  seed: fc.nat(),
  terms,
  steps: fc.array(step, { minLength: 5, maxLength: STEPS_MAX, size: "max" }),
});

for (let share = 1; share <= SHARES; share += 1) {
  test(`I1, I2, I3, I4, I5, I6, I8, I9, I10, I11, F1, F4, F5, F8, F9, F16, F17: whatever happens, honest members end with the same (${share} of ${SHARES})`, async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (chosen) => {
        const wrong = await run(chosen);
        if (wrong !== undefined) throw new Error(wrong);
      }),
      {
        ...{ numRuns: Math.ceil(SCHEDULES / SHARES), seed: SEED + share },
        ...{ interruptAfterTimeLimit: ENDS_AFTER_MS, markInterruptAsFailure: true },
      },
    );
  });
}
