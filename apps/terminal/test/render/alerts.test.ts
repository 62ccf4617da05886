// Goal: whoever wants to be told is told, briefly, seldom enough, and by nothing that somebody else wrote into the sequence.
// Method: a clock that stands until it is moved; the bytes of each notice.
import assert from "node:assert/strict";
import test from "node:test";
import { ALERT_INTERVAL_MS, ALERT_TEXT_CHARS_MAX, ALERTS_PER_MINUTE_MAX } from "@papo/protocol";
import { Alerts, type AlertSettings } from "../../src/render/alerts.ts";
import { VirtualScreen } from "./virtual-screen.ts";

const OFF: AlertSettings = { bell: false, desktop: "off", throughTmux: false };

function rig(settings: AlertSettings): {
  readonly screen: VirtualScreen;
  readonly alerts: Alerts;
  readonly clock: { now: number };
} {
  const clock = { now: 1_000_000, wallMs: () => clock.now };
  const screen = new VirtualScreen(20, 2);
  return { screen, clock, alerts: new Alerts(screen.output, clock, settings) };
}

test("nothing rings that was not asked for", () => {
  const { screen, alerts } = rig(OFF);
  assert.equal(alerts.tell("nori", "oi"), false);
  assert.equal(screen.taken(), "");
  alerts.change({ ...OFF, bell: true });
  assert.equal(alerts.tell("nori", "oi"), true);
  assert.equal(screen.taken(), "\u0007");
});

test("notices of both kinds, and through tmux", () => {
  const told = (settings: Partial<AlertSettings>) => {
    const { screen, alerts } = rig({ ...OFF, ...settings });
    alerts.tell("nori", "oi");
    return screen.taken();
  };
  assert.equal(told({ desktop: "osc9" }), "\u001b]9;nori: oi\u001b\\");
  assert.equal(told({ desktop: "osc777", bell: true }), "\u0007\u001b]777;notify;nori;oi\u001b\\");
  assert.equal(
    told({ desktop: "osc9", throughTmux: true }),
    "\u001bPtmux;\u001b\u001b]9;nori: oi\u001b\u001b\\\u001b\\",
  );
});

test("not twice within a moment, and not more often in a minute than anybody bears; a clock put back does not silence it", () => {
  const { screen, alerts, clock } = rig({ ...OFF, bell: true });
  assert.equal(alerts.tell("a", "b"), true);
  clock.now += ALERT_INTERVAL_MS - 1;
  assert.equal(alerts.tell("a", "b"), false);
  for (let told = 1; told < ALERTS_PER_MINUTE_MAX; told += 1) {
    clock.now += ALERT_INTERVAL_MS;
    assert.equal(alerts.tell("a", "b"), true);
  }
  clock.now += ALERT_INTERVAL_MS;
  assert.equal(alerts.tell("a", "b"), false);
  assert.equal(screen.taken().length, ALERTS_PER_MINUTE_MAX);
  clock.now += 60_000;
  assert.equal(alerts.tell("a", "b"), true);
  clock.now -= 3_600_000;
  assert.equal(alerts.tell("a", "b"), true);
});

test("R2, R5: what stands in a notice ends no sequence, begins none and is short", async () => {
  const hostile = [
    "\u001b\\\u001b[6n",
    "\u0007\u001b]0;title\u0007",
    "a;b;c",
    "\u009c\u009b6n",
    "4;1;50",
    "x".repeat(10_000),
    "a\nb",
  ];
  for (const desktop of ["osc9", "osc777"] as const) {
    for (const text of hostile) {
      const { screen, alerts } = rig({ ...OFF, desktop });
      alerts.tell(text, text);
      const written = screen.taken();
      const inside = /^\u001b\](?:9|777;notify);(?<inside>.*)\u001b\\$/su.exec(written)?.groups?.["inside"] ?? "\u001b";
      assert.doesNotMatch(inside, /[\u0000-\u001f\u007f-\u009f]/u);
      assert.equal(inside.split(";").length, desktop === "osc777" ? 2 : 1);
      assert.doesNotMatch(inside, /^\d/u);
      assert.ok(Array.from(inside).length <= 2 * ALERT_TEXT_CHARS_MAX + 4);
      assert.deepEqual(await screen.texts(), ["", ""]);
      assert.equal(screen.replies + screen.titles.join(""), "");
    }
  }
});
