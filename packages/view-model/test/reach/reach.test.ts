// Goal: `/why NAME` says in both languages what was tried, what came of it, how long ago and how long it took, and one thing to do about each cause, on one
// screen; whatever the reason is. Method: golden screens for the causes; every way with every fault; the slash command on a scripted peer.
import assert from "node:assert/strict";
import test from "node:test";
import type { Explanation, LinkPath, PathAttempt, PersonExplanation, Reach, TrackerState } from "@papo/peer/api";
import { FAULT_CODES, type Fault, type FaultCode, safeText, succeed } from "@papo/protocol";
import { LANGUAGES, type Language } from "@papo/view-model";
import fc from "fast-check";
import { AT, ScriptedScreen, user } from "../scripted-peer.ts";

const ROWS = 24;
const COLUMNS = 80;
const WAYS = ["direct", "lan", "call", "punch", "relay"] as const;
const PLACE = "203.0.113.7:6070";

function because(code: FaultCode, socket?: Fault["socket"]): Fault {
  return { code, detail: "never shown", ...(socket === undefined ? {} : { socket }) };
}

type Ended = Partial<Pick<PathAttempt, "where" | "startedMs" | "tookMs">> & { readonly reason?: Fault };

function failed(way: PathAttempt["way"], { reason = because("timeout"), ...more }: Ended = {}): PathAttempt {
  const where = way === "direct" || way === "lan" ? PLACE : null;
  return { way, where, outcome: "failed", reason, startedMs: AT - 12_000, tookMs: 3_000, ...more };
}

function worked(way: PathAttempt["way"], more: Ended = {}): PathAttempt {
  return { ...failed(way, more), outcome: "linked", reason: null, tookMs: 210 };
}

const linked = (path: LinkPath): Reach => ({ kind: "linked", encrypted: true, path });
const away: Reach = { kind: "unreachable", reason: because("unreachable") };

type Case = {
  readonly reach?: Reach;
  readonly attempts?: readonly PathAttempt[];
  readonly tracker?: TrackerState;
  readonly hidden?: boolean;
};

async function whyNori(
  language: Language,
  { reach = away, attempts = [], tracker, hidden = false }: Case,
): Promise<readonly string[]> {
  const reason =
    reach.kind === "unreachable" ? reach.reason : reach.kind === "offline" ? because("peer_offline") : null;
  const person: PersonExplanation = {
    ...{
      username: user("nori"),
      account: null,
      trust: "verified",
      reach,
      lastSeenMs: null,
      has: null,
      reason,
      attempts,
    },
  };
  const explanation: Explanation = { about: { kind: "person", username: person.username }, people: [person] };
  const screen = new ScriptedScreen(language, { why: () => succeed(explanation) });
  if (tracker !== undefined) {
    screen.diagnostics = { ...screen.diagnostics, tracker: { ...screen.diagnostics.tracker, state: tracker } };
  }
  const { addresses } = screen.diagnostics;
  screen.diagnostics = { ...screen.diagnostics, addresses: { ...addresses, hidden } };
  return screen.types("/why nori");
}

test("en: routers that change ports on both sides: the relay works, and what would make it direct", async () => {
  const attempts = [
    failed("direct"),
    failed("call", { reason: because("closed"), tookMs: 1_100 }),
    failed("punch", { startedMs: AT - 11_000 }),
    worked("relay", { startedMs: AT - 10_500 }),
  ];
  assert.deepEqual(await whyNori("en", { reach: linked("relayed"), attempts }), [
    "--- How nori can be reached ---",
    "- nori: connected through a relay, encrypted, key verified",
    "What was tried, the newest last:",
    "  12 s ago: straight to 203.0.113.7:6070: no answer, after 3 s",
    "  12 s ago: a call through the tracker: not needed any more, after 1 s",
    "  11 s ago: both sides at once, through the routers: the routers let nothing through, after 3 s",
    "  10 s ago: through the relay: connected, after 210 ms",
    "→ It works, by way of a relay that sees only encrypted bytes. For a direct connection one of the two needs a router that maps ports (UPnP or NAT-PMP), a forwarded port, or IPv6; mobile networks often have none.",
  ]);
});

test("pt-BR: nothing gets through and there is no relay", async () => {
  const attempts = [
    failed("direct", { startedMs: AT - 200_000 }),
    failed("direct", { startedMs: AT - 100_000 }),
    failed("punch", { startedMs: AT - 90_000 }),
    failed("relay", { startedMs: AT - 80_000, reason: because("unsupported"), tookMs: 40 }),
  ];
  assert.deepEqual(await whyNori("pt-BR", { attempts }), [
    "--- Como falar com nori ---",
    "- nori: sem conexão, chave verificada",
    "O que foi tentado, o mais novo por último:",
    "  há 100 s: direto em 203.0.113.7:6070 (2 vezes): sem resposta, depois de 3 s",
    "  há 90 s: os dois lados ao mesmo tempo, através dos roteadores: os roteadores não deixaram passar, depois de 3 s",
    "  há 80 s: pelo relay: não há relay que se possa usar, depois de 40 ms",
    "→ Nada respondeu no endereço dessa pessoa: há um firewall ou roteador no caminho, do lado dela ou do seu. Uma porta redirecionada em um dos lados resolve.",
    "→ Nenhum relay pôde ser usado: o tracker não oferece, ou o outro lado não quer. Quem cuida do tracker pode ligá-lo.",
    "→ papo doctor, em outra janela, examina o lado deste computador.",
  ]);
});

/** What each cause looks like from here, and the one text that must then be there. */
const CAUSES: readonly (Case & { readonly says: keyof ScriptedScreen["texts"]["reach"]["causes"] })[] = [
  { says: "trackerGone", tracker: { kind: "waiting", retryInMs: 5_000, reason: because("tracker_unreachable") } },
  { says: "trackerGone", reach: { kind: "offline" }, tracker: { kind: "connecting", attempt: 3 } },
  { says: "hiddenHere", hidden: true, reach: linked("relayed"), attempts: [worked("relay")] },
  { says: "noAddress", reach: linked("relayed"), attempts: [failed("call"), worked("relay")] },
  { says: "relayWorks", reach: linked("relayed"), attempts: [failed("punch"), worked("relay")] },
  { says: "relayOff", attempts: [failed("relay", { reason: because("unsupported") })] },
  { says: "relayFull", attempts: [failed("relay", { reason: because("limit_reached") })] },
  { says: "relayLost", attempts: [failed("relay", { reason: because("unreachable") })] },
  {
    says: "blocked",
    attempts: [
      failed("direct"),
      failed("direct", { where: "[2001:db8::1]:6070", reason: because("unreachable", "no-route") }),
    ],
  },
  { says: "refused", attempts: [failed("direct", { reason: because("unreachable", "refused") })] },
  { says: "noRoute", attempts: [failed("direct", { reason: because("unreachable", "no-route") })] },
  { says: "someoneElse", attempts: [failed("lan", { reason: because("identity_changed") }), failed("direct")] },
  { says: "notTaken", attempts: [failed("call")] },
];

for (const language of LANGUAGES) {
  for (const { says, ...given } of CAUSES) {
    test(`${language}: ${says} is recognised, and said once`, async () => {
      const lines = await whyNori(language, given);
      const { reach } = new ScriptedScreen(language).texts;
      assert.equal(lines.filter((line) => line === `→ ${reach.causes[says]}`).length, 1, lines.join("\n"));
    });
  }

  test(`${language}: who is connected directly needs no advice, and who is offline is not said to be blocked`, async () => {
    for (const path of ["direct", "punched"] as const) {
      const lines = await whyNori(language, { reach: linked(path), attempts: [worked("direct")] });
      assert.equal(lines.filter((line) => line.startsWith("→")).length, 0);
    }
    const { kept } = new ScriptedScreen(language).texts;
    const offline = await whyNori(language, { reach: { kind: "offline" }, attempts: [failed("direct")] });
    assert.deepEqual(
      offline.filter((line) => line.startsWith("→")),
      [`→ ${kept.whyOffline}`],
    );
  });

  test(`${language}: every way with every fault has words of its own, and no code or detail is shown`, async () => {
    for (const way of WAYS) {
      for (const code of FAULT_CODES) {
        const lines = await whyNori(language, { attempts: [failed(way, { reason: because(code) })] });
        const line = lines.find((text) => text.startsWith("  ")) ?? "";
        assert.doesNotMatch(line, new RegExp(`never shown|undefined|null|${code.includes("_") ? code : "\\n"}`, "u"));
        assert.ok(line.length > 20, `${way} ${code}`);
      }
    }
  });
}

test("whatever was tried fits on one screen and is safe to show", async () => {
  const reason = fc.option(
    fc.record({
      code: fc.constantFrom(...FAULT_CODES),
      detail: fc.string(),
    }),
    { nil: null },
  );
  const attempt: fc.Arbitrary<PathAttempt> = fc.record({
    way: fc.constantFrom(...WAYS),
    where: fc.option(fc.oneof(fc.ipV4(), fc.string({ unit: "binary", maxLength: 50 })), { nil: null }),
    outcome: fc.constantFrom("linked", "failed", "trying"),
    reason,
    startedMs: fc.oneof(fc.integer(), fc.integer({ min: AT - 600_000, max: AT + 5_000 })),
    tookMs: fc.integer(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(attempt, { maxLength: 60 }),
      fc.constantFrom(...LANGUAGES),
      fc.constantFrom<Reach>(away, linked("relayed"), { kind: "connecting" }),
      async (attempts, language, reach) => {
        const lines = await whyNori(language, { attempts, reach });
        for (const line of lines) assert.equal(safeText(line), line);
        const rows = lines.map((line) => Math.ceil([...line].length / COLUMNS));
        assert.ok(rows.reduce((sum, count) => sum + count, 0) <= ROWS, lines.join("\n"));
      },
    ),
  );
});
