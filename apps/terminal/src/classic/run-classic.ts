import { catalogueOf, type CommandScreen, type Language } from "@papo/view-model";
import { type ConsoleStreams, openConsole } from "../console/open-console.ts";
import { ClassicSession, type ScreenClock } from "./classic-session.ts";
import { mainMenu } from "./main-menu.ts";
import { signIn } from "./sign-in.ts";

export type ClassicOptions = ConsoleStreams & {
  readonly peer: CommandScreen["peer"];
  readonly language: Language;
  readonly clock: ScreenClock;
  /** Offers to create rooms without encryption, which original programs can join. */
  readonly allowPlaintext?: boolean;
  /** Ends the screens as the end of input does; abort it on SIGINT, SIGTERM and SIGHUP. */
  readonly signal?: AbortSignal;
  /**
   * Lines that the program itself has to say meanwhile ("this Papo hosts the tracker now"), in the screens' language
   * and safe. Called once with the way to say them; returns the way to stop.
   */
  readonly notices?: (say: (text: string) => void) => () => void;
};

/**
 * The founding report's screens (docs/founding-report.md §6): signing in, the main menu, rooms, private chats. Resolves
 * to the exit code when the user leaves, at the end of input, or when nobody reads the output any more; the terminal
 * is then as it was. Whoever opened the peer closes it.
 */
export async function runClassic(options: ClassicOptions): Promise<number> {
  const texts = catalogueOf(options.language);
  const console = openConsole(options, texts);
  const { peer, clock, allowPlaintext = false } = options;
  const session = new ClassicSession({ peer, texts, console, clock, allowPlaintext });
  const stopNotices = options.notices?.((text) => session.notice(text));
  try {
    await Promise.race([screens(session), console.ended, aborted(options.signal)]);
    return 0;
  } finally {
    stopNotices?.();
    session.close();
    console.close();
  }
}

async function screens(session: ClassicSession): Promise<void> {
  while ((await signIn(session)) === "signed-in") {
    if ((await mainMenu(session)) === "quit") break;
  }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    signal?.addEventListener("abort", () => resolve(), { once: true });
  });
}
