import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { getCompileCacheDir } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@papo/link";
import {
  type Cast,
  check,
  checkHistories,
  comeBack,
  converse,
  killInMidConversation,
  LINES,
  linksText,
  roomScreenOf,
} from "../demo/conversation.ts";
import { DemoFailure, DemoProgram, type DemoSurroundings } from "../demo/demo-program.ts";
import { EXIT } from "../exit-codes.ts";
import type { CommandProgram, Invocation } from "./command.ts";

const RULE = "-".repeat(60);

/** `papo demo`: real programs in temporary profiles, of which nothing is left. */
export const demo: CommandProgram = async (invocation) => {
  const folder = await mkdtemp(join(tmpdir(), "papo-demo-"));
  const programs: DemoProgram[] = [];
  try {
    await perform(folder, programs, invocation);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof DemoFailure)) throw error;
    tellFailure(error, programs, invocation);
    return EXIT.failed;
  } finally {
    await Promise.all(programs.map((program) => program.kill()));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

async function perform(folder: string, programs: DemoProgram[], invocation: Invocation): Promise<void> {
  const { language, stdio, texts } = invocation;
  const surroundings = await surroundingsIn(folder, invocation);
  const start = (name: string, args: readonly string[]): DemoProgram => {
    const program = new DemoProgram(name, [...args, "--lang", language], surroundings);
    programs.push(program);
    return program;
  };

  stdio.line(texts.demo.intro);
  const tracker = start("tracker", trackerArguments());
  // untranslated: the tracker's own line
  await tracker.shows(/^listening on /mu, "listening on");
  const [address] = await tracker.shows(/papo:\/\/\S+/u, "papo://");
  stdio.line(texts.demo.trackerRuns(address));

  const peerArguments = (name: string): readonly string[] => [
    ...["--classic", "--tracker", address, "--profile", join(folder, name)],
  ];
  const people = LINES.map(({ author }) => [author, start(author, peerArguments(author))] as const);
  const cast: Cast = new Map(people);
  await unlessOneEnds(programs, converse(cast, randomBytes(12).toString("hex")));
  for (const program of cast.values()) showScreen(program, invocation);
  check(cast, texts.demo);
  stdio.line(texts.demo.proved);

  stdio.line(`\n${texts.demo.killed(KILLED)}`);
  await unlessOneEnds(programs, killInMidConversation(cast, KILLED, texts.demo));
  const back = start(KILLED, peerArguments(KILLED));
  const after: Cast = new Map([...cast, [KILLED, back]]);
  await unlessOneEnds(programs, comeBack(after, back, texts.demo));
  stdio.line(texts.demo.restarts(KILLED));
  showScreen(back, invocation);
  const messages = await unlessOneEnds(programs, checkHistories(after, folder, texts.demo));
  await Promise.all([...after.values()].map((program) => program.leave()));
  await tracker.stop();
  stdio.line(texts.demo.nothingLost(messages));
}

/** Somebody of the report's conversation. */
const KILLED = "nori";

/** The step, or the failure of a program that ended meanwhile. */
function unlessOneEnds<T>(programs: readonly DemoProgram[], step: Promise<T>): Promise<T> {
  // What is left of a lost race has been told by the winner.
  step.catch(() => {});
  return Promise.race([step, ...programs.map((program) => program.mustNotEnd())]);
}

function trackerArguments(): readonly string[] {
  return ["tracker", "--host", "127.0.0.1", "--port", "0", "--ops-port", "off", "--store", "memory"];
}

/** A home of its own, so that no setting of the user's changes what is shown, and nothing of the user's is touched. */
async function surroundingsIn(folder: string, { texts }: Invocation): Promise<DemoSurroundings> {
  const home = join(folder, "home");
  await mkdir(home, { mode: 0o700 });
  const { XDG_CONFIG_HOME: _config, XDG_DATA_HOME: _data, ...inherited } = process.env;
  const compiled = getCompileCacheDir();
  const cache = compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled };
  return { clock: systemClock, env: { ...inherited, HOME: home, NO_COLOR: "1", ...cache }, texts: texts.demo };
}

function showScreen(program: DemoProgram, { stdio, texts }: Invocation): void {
  stdio.line(`\n${texts.demo.screenOf(program.name)}\n${RULE}\n${roomScreenOf(program).trimEnd()}\n${RULE}`);
  stdio.line(texts.demo.linksOf(program.name, linksText(program)));
}

function tellFailure({ message }: DemoFailure, programs: readonly DemoProgram[], { stdio, texts }: Invocation): void {
  for (const program of programs) stdio.errorLine(`${texts.demo.lastWords(program.name)}\n${program.lastWords}\n`);
  stdio.errorLine(texts.demo.failed(message));
}
