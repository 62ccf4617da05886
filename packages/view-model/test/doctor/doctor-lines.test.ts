// Goal: everything that `papo doctor` can find is told in both languages, with what to do where something is wrong, in lines that fit a terminal.
// Method: a golden report; every finding with facts that must come out again; any width.
import assert from "node:assert/strict";
import test from "node:test";
import type {
  DoctorCheck,
  DoctorFinding,
  DoctorFindings,
  DoctorReport,
  DoctorState,
  DoctorSubject,
} from "@papo/peer/api";
import { decodeWith, safeText, trackerKey } from "@papo/protocol";
import { doctorLines, LANGUAGES, type Language } from "@papo/view-model";
import { commandTextsOf } from "@papo/view-model/command-texts";
import fc from "fast-check";

const decoded = decodeWith(trackerKey, "5SvmW-FRtn14I6CF-hhck7Oen77Hciqbe3T2PShWIUM");
assert.ok(decoded.ok);
const key = decoded.value;
const seen = "203.0.x.x";

/** Facts of each finding, and what of them must be read in its line. */
const SAMPLES: { readonly [F in DoctorFinding]: readonly [DoctorFindings[F], ...RegExp[]] } = {
  node_ok: [{ version: "26.0.0" }, /26\.0\.0/u],
  node_old: [{ version: "20.1.0", needed: "24.7" }, /20\.1\.0/u, /24\.7/u],
  profile_ok: [{}],
  profile_new: [{}],
  profile_open_to_others: [{}, /chmod 700/u],
  profile_foreign_owner: [{}, /chown/u],
  profile_unusable: [{}, /--profile/u],
  disk_ok: [{ freeMiB: 20_480, writeMs: 7 }, /20 GiB/u, /7 ms/u],
  disk_slow: [{ writeMs: 2_345 }, /2345 ms/u],
  disk_little: [{ freeMiB: 300 }, /300 MiB/u],
  disk_full: [{ freeMiB: 0 }, /0 MiB/u],
  disk_read_only: [{}],
  disk_forbidden: [{}],
  disk_failed: [{ code: "EIO" }, /EIO/u],
  secrecy_on: [{}],
  secrecy_unknown: [{}],
  history_ok: [{ files: 3 }, /3/u],
  history_large: [{ files: 1 }],
  history_none: [{}],
  history_damaged: [{}],
  history_newer: [{}],
  history_unreadable: [{}],
  name_literal: [{}],
  name_found: [{ addresses: 2 }],
  name_unknown: [{}],
  name_silent: [{}],
  connection_ok: [{ tookMs: 31 }, /31 ms/u],
  connection_nobody_here: [{}, /--tracker/u],
  connection_refused: [{}],
  connection_silent: [{}],
  connection_no_route: [{}],
  connection_failed: [{}],
  tracker_known: [{ key, group: "X25519MLKEM768" }, /5SvmW-FRtn/u, /X25519MLKEM768/u],
  tracker_new: [{ key, group: "X25519MLKEM768" }, /5SvmW-FRtn/u, /X25519MLKEM768/u],
  tracker_changed: [{}],
  tracker_unproven: [{}],
  tracker_other_program: [{ speaks: "ssh" }, /SSH/u],
  tracker_original: [{}, /seed:\/\//u],
  tracker_other_version: [{}],
  tracker_silent: [{}],
  tracker_busy: [{}],
  round_trip_ok: [{ roundTripMs: 41 }, /41 ms/u],
  round_trip_slow: [{ roundTripMs: 1_234 }, /1234 ms/u],
  clock_ok: [{ aheadMs: -4_000 }, /4 s/u],
  clock_off: [{ aheadMs: 600_000 }, /10 min/u],
  clock_wrong: [{ aheadMs: -5 * 86_400_000 }, /5 d/u],
  nat_none: [{ seen }, /203\.0\.x\.x/u],
  nat_keeps_ports: [{ seen }, /203\.0\.x\.x/u],
  nat_changes_ports: [{ seen }, /203\.0\.x\.x/u, /UPnP/u],
  nat_changes_addresses: [{ seen }, /203\.0\.x\.x/u],
  mapping_ok: [{ way: "upnp" }, /UPnP/u],
  mapping_behind_another: [{ way: "nat-pmp" }, /NAT-PMP/u],
  mapping_none: [{}],
  mapping_off: [{}, /--no-port-mapping/u],
  reach_by_mapping: [{ seen }, /203\.0\.x\.x/u],
  mdns_ok: [{}],
  mdns_deaf: [{}, /5353/u],
  mdns_forbidden: [{}, /5353/u],
  mdns_no_network: [{}],
  mdns_off: [{}, /--no-lan/u],
  reach_ok: [{ seen }, /203\.0\.x\.x/u],
  reach_none: [{ seen }, /203\.0\.x\.x/u, /firewall/u],
  relay_ok: [{}],
  relay_off: [{}],
  relay_blocked: [{}],
  ipv6_ok: [{}],
  ipv6_none: [{}],
  not_from_here: [{}],
  not_reached: [{}],
  no_answer: [{}],
};

/** Good, or for the reader to know; with everything else comes what to do. */
const NOTHING_TO_DO: readonly DoctorFinding[] = [
  ...(["node_ok", "profile_ok", "profile_new", "disk_ok", "secrecy_on", "secrecy_unknown"] as const),
  ...(["history_ok", "history_large", "history_none", "name_literal", "name_found", "connection_ok"] as const),
  ...(["connection_nobody_here", "tracker_known", "tracker_new", "tracker_original", "round_trip_ok"] as const),
  ...(["clock_ok", "nat_none", "nat_keeps_ports", "reach_ok", "relay_ok", "ipv6_ok", "ipv6_none"] as const),
  ...(["mapping_ok", "mapping_none", "mapping_off", "reach_by_mapping"] as const),
  ...(["mdns_ok", "mdns_no_network", "mdns_off"] as const),
  ...(["not_from_here", "not_reached", "no_answer"] as const),
];

function checked<F extends DoctorFinding>(check: DoctorSubject, state: DoctorState, finding: F): DoctorCheck {
  return { check, state, finding, facts: SAMPLES[finding][0] } as DoctorCheck;
}

function linesOf(language: Language, report: DoctorReport, columns = 80): readonly string[] {
  return doctorLines(report, commandTextsOf(language).doctor, { columns, areAddressesWhole: false });
}

const REPORT: DoctorReport = {
  checks: [
    checked("node", "ok", "node_ok"),
    checked("disk", "warning", "disk_little"),
    checked("connection", "failed", "connection_silent"),
    checked("tracker", "skipped", "not_reached"),
    checked("clock", "skipped", "not_reached"),
    checked("ipv6", "ok", "ipv6_none"),
  ],
};

test("en: a report", () => {
  assert.deepEqual(linesOf("en", REPORT), [
    "ok       Node.js: Node.js 26.0.0 runs Papo.",
    "warning  disk: Only 300 MiB free.",
    "         → Make room before it runs out.",
    "FAILED   connection: No answer: the computer is off, or a firewall drops the",
    "         connection.",
    "         → Check that this computer is online. If it is, ask whoever runs the",
    "         tracker; some networks let only web pages through.",
    "-        tracker, clock: These cannot be looked at without the tracker.",
    "ok       IPv6: This network has none; Papo does without.",
    "",
    "1 thing is broken, 1 could be better.",
    "No name, no message and no key of yours stands here, and addresses are",
    "shortened: you can show this to others.",
  ]);
});

test("pt-BR: a report", () => {
  assert.deepEqual(linesOf("pt-BR", REPORT), [
    "ok       Node.js: O Node.js 26.0.0 roda o Papo.",
    "atenção  disco: Só 300 MiB livres.",
    "         → Libere espaço antes que acabe.",
    "FALHOU   conexão: Sem resposta: o computador está desligado, ou um firewall",
    "         descarta a conexão.",
    "         → Confira se este computador está na internet. Se estiver, pergunte a",
    "         quem cuida do tracker; algumas redes só deixam passar páginas web.",
    "-        tracker, relógio: Sem o tracker, não dá para examinar isto.",
    "ok       IPv6: Esta rede não tem; o Papo passa sem.",
    "",
    "1 coisa não funciona, 1 poderia estar melhor.",
    "Aqui não há nome, mensagem nem chave sua, e os endereços estão encurtados: pode",
    "mostrar isto a outras pessoas.",
  ]);
});

test("addresses that are shown whole are not said to be shortened", () => {
  const { doctor } = commandTextsOf("en");
  const lines = doctorLines({ checks: [] }, doctor, { areAddressesWhole: true });
  assert.deepEqual(lines, ["", doctor.allWell]);
});

for (const language of LANGUAGES) {
  test(`${language}: every finding is told with its facts, in sentences, and what is wrong comes with what to do`, () => {
    const { findings } = commandTextsOf(language).doctor;
    for (const [finding, [facts, ...shown]] of Object.entries(SAMPLES)) {
      const make = findings[finding as DoctorFinding] as (handed: unknown) => { says: string; todo?: string };
      const { says, todo = "" } = make(facts);
      assert.match(says, /^[\p{Lu}\d].*[.]$/u, finding);
      if (todo !== "") assert.match(todo, /^\p{Lu}.*[.]$/u, finding);
      for (const part of shown) assert.match(`${says} ${todo}`, part, finding);
      assert.doesNotMatch(says + todo, /undefined|NaN|\[object/u, finding);
      assert.equal(safeText(says + todo), says + todo);
    }
    const without = (Object.keys(SAMPLES) as DoctorFinding[]).filter((finding) => {
      const make = findings[finding] as (handed: unknown) => { todo?: string };
      return make(SAMPLES[finding][0]).todo === undefined;
    });
    assert.deepEqual(new Set(without), new Set(NOTHING_TO_DO));
  });

  test(`${language}: no line is wider than the terminal, from a narrow one up, and no word is lost`, () => {
    const all = (Object.keys(SAMPLES) as DoctorFinding[]).map((finding) => checked("reach", "warning", finding));
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 300 }), (columns) => {
        const lines = linesOf(language, { checks: all }, columns);
        for (const line of lines) assert.ok([...line].length <= Math.min(columns, 96), line);
        const words = (some: readonly string[]) => some.join(" ").split(/\s+/u).join(" ");
        assert.equal(words(lines), words(linesOf(language, { checks: all }, 96)));
      }),
      { numRuns: 40 },
    );
  });
}
