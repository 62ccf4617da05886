// Goal: a thousand programs that find their tracker back at the same moment are all logged in, at less than a minute of work.
// Method: the real `papo tracker`, killed and started again; a thousand devices of a few accounts on real TLS connections,
// each with the full-jitter back-off that peers use and its key alone. Judged is the work that it is for a processor, both sides together: on a machine that
// does other work as well, the time by a clock and the lag of the tracker's loop say more about the machine. They are told.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  type Link,
  type TlsIdentity,
  createAccountKey,
  createDeviceKey,
  createSealKey,
  createTlsIdentity,
  pause,
  signStatement,
  systemClock,
  tcpNetwork,
} from "@papo/link";
import { seededRandom } from "@papo/link/memory";
import {
  BACKOFF_FIRST_MS,
  DIAL_TIMEOUT_MS,
  LINK_QUEUE_BYTES_MAX,
  STATEMENT_DEVICES_MAX,
  type SignedText,
  TRACKER_ALPN,
} from "@papo/protocol";
import { type Program, startPapo, TemporaryHome } from "@papo/testing";
import { hashOf } from "./seed-client.ts";

const ACCOUNTS = 32;
const DEVICES = STATEMENT_DEVICES_MAX;
const BACK_WITHIN_MS = 60_000;
/** A try is over with a fault long before. */
const TEST_MS = 6 * BACK_WITHIN_MS;

const home = new TemporaryHome();
after(() => home[Symbol.dispose]());

type Device = { readonly username: string; readonly tls: TlsIdentity; readonly statement: SignedText };

/** One account with as many devices as a statement may list. */
function accountOf(username: string): Device[] {
  const root = createAccountKey();
  const identities = Array.from({ length: DEVICES }, () => createTlsIdentity());
  const devices = identities.map(({ key }) => ({
    device: createDeviceKey().publicKey,
    tls: key,
    seal: createSealKey().publicKey,
    added: "2026-11-20T12:00:00Z",
    revoked: null,
  }));
  const statement = signStatement(root, { v: 1, account: root.publicKey, version: 1, prev: null, devices });
  return identities.map((tls) => ({ username, tls, statement }));
}

const network = tcpNetwork();
const random = seededRandom(1);
const never = new AbortController().signal;

/** Dials, says HELLO and how it enters. The link, or why not. */
async function enterOnce({ username, tls, statement }: Device, port: number, how: object): Promise<Link | string> {
  const dialled = await network.dial({
    ...{ identity: tls, alpn: TRACKER_ALPN, queueBytesMax: LINK_QUEUE_BYTES_MAX, dialect: "papo" },
    ...{ host: "127.0.0.1", port, timeoutMs: DIAL_TIMEOUT_MS },
  });
  if (!dialled.ok) return dialled.fault.code;
  const link = dialled.value;
  return new Promise((resolve) => {
    link.start({
      message({ payload }) {
        const heard = JSON.parse(Buffer.from(payload).toString("utf8"));
        // Whoever was first waits for the last, and shows that it is there meanwhile.
        if (heard.cmd === "PING") link.sendJson({ cmd: "PONG" });
        if (heard.re === 2) resolve(heard.status === "OK" ? link : heard.code);
      },
      closed: ({ code }) => resolve(code),
    });
    link.sendJson({ cmd: "HELLO", id: 1, version: 1, features: [] });
    link.sendJson({ id: 2, username, statement, port: 7_001, ...how });
  });
}

/** Tries until it is in, with a random wait whose ceiling doubles. How often it had to. */
async function enter(device: Device, port: number): Promise<{ readonly link: Link; readonly attempts: number }> {
  for (let attempts = 1; ; attempts += 1) {
    await pause(systemClock, random.fraction() * Math.min(BACKOFF_FIRST_MS * 2 ** (attempts - 1), 60_000), never);
    const link = await enterOnce(device, port, { cmd: "LOGIN" });
    if (typeof link !== "string") return { link, attempts };
    assert.ok(["unreachable", "unsupported", "lost", "timeout"].includes(link), link);
  }
}

type Figures = { readonly lag: string; readonly cpuMs: number };

/** Of the tracker, by its own measure. */
async function figuresOf(url: string): Promise<Figures> {
  const figures = await (await fetch(`${url}/metrics`)).text();
  const [, lag = "unknown"] = /^nodejs_eventloop_lag_p99_seconds (\S+)$/mu.exec(figures) ?? [];
  const [, seconds] = /^process_cpu_seconds_total (\S+)$/mu.exec(figures) ?? [];
  assert.ok(seconds !== undefined, "it tells what it has cost");
  return { lag, cpuMs: Number(seconds) * 1_000 };
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

type Running = { readonly program: Program; readonly port: number; readonly ops: string };

async function start(port: number): Promise<Running> {
  const args = ["--host", "127.0.0.1", "--data", home.at("data"), "--port", String(port), "--ops-port", "0"];
  const program = startPapo(["tracker", ...args], { home });
  const [, listening] = await program.out.see(/^listening on .+:(\d+)$/mu);
  const [, ops = ""] = await program.out.see(/(http:\/\/127\.0\.0\.1:\d+)\/healthz/u);
  return { program, port: Number(listening), ops };
}

test(`F12, F2: ${ACCOUNTS * DEVICES} devices are back by key, and that is less than 60 s of work`, {
  timeout: TEST_MS,
}, async (context) => {
  const first = await start(0);
  const devices: Device[] = [];
  for (let index = 0; index < ACCOUNTS; index += 1) {
    const own = accountOf(`peer${index}x`);
    const [one] = own;
    assert.ok(one !== undefined);
    const link = await enterOnce(one, first.port, { cmd: "REGISTER", password: hashOf("segredo") });
    assert.ok(typeof link !== "string", "registered");
    devices.push(...own);
  }
  await first.program.stop("SIGKILL");

  const second = await start(first.port);
  const before = await figuresOf(second.ops); // From here on: reading the lag begins it anew.
  const ownBeforeMs = ownCpuMs();
  const startedMs = systemClock.monotonicMs();
  const entered = await Promise.all(devices.map((device) => enter(device, first.port)));
  const tookMs = systemClock.monotonicMs() - startedMs;
  const { lag, cpuMs } = await figuresOf(second.ops);
  const workMs = cpuMs - before.cpuMs + ownCpuMs() - ownBeforeMs;
  context.diagnostic(
    `${entered.length} back in ${Math.round(tookMs)} ms, of which ${Math.round(workMs)} ms were work; p99 of the loop's lag ${lag} s`,
  );
  context.diagnostic(`at most ${Math.max(...entered.map(({ attempts }) => attempts))} attempts`);
  assert.ok(workMs < BACK_WITHIN_MS);
  assert.ok(
    entered.every(({ link }) => !link.isClosed),
    "and nobody was put out again",
  );
  for (const { link } of entered) link.destroy({ code: "closed", detail: "the test is over" });
  await second.program.stop();
});
