/** The three standard streams as a command uses them. The only raw writes of this program stand in this file. */
export interface Stdio {
  /** For the screens, which read and write them as they need. */
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** One line, or several. */
  line(text: string): void;
  /** Something to be read: on a terminal no word is broken at its edge. */
  sentence(text: string): void;
  /** The same, about what went wrong. */
  errorLine(text: string): void;
  /** No more is read: an open pipe does not keep the process alive. */
  stopReading(): void;
}

/** A reader that goes away (`papo --help | head -1`) is no mistake of ours. What else can happen (a full disk) is left to whoever listens for it. */
function ignoreBrokenPipe(this: NodeJS.WriteStream, error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE" && error.code !== "EIO" && this.listenerCount("error") === 1) throw error;
}

/** Node makes each stream when it is first named, which takes a millisecond or two: only what is used is named. */
export function processStdio(): Stdio {
  return {
    get input() {
      return process.stdin;
    },
    get output() {
      return guarded(process.stdout);
    },
    line: (text) => void guarded(process.stdout).write(`${text}\n`),
    sentence: (text) => writeSentence(guarded(process.stdout), text),
    errorLine: (text) => writeSentence(guarded(process.stderr), text),
    stopReading: () => void process.stdin.destroy(),
  };
}

function guarded(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  if (!stream.listeners("error").includes(ignoreBrokenPipe)) stream.on("error", ignoreBrokenPipe);
  return stream;
}

function writeSentence(stream: NodeJS.WriteStream, text: string): void {
  const { isTTY, columns } = stream;
  const lines = isTTY && columns > 0 ? text.split("\n").map((line) => brokenAtWords(line, columns)) : [text];
  stream.write(`${lines.join("\n")}\n`);
}

function brokenAtWords(line: string, columns: number): string {
  const [first = "", ...words] = line.split(" ");
  let shown = first;
  let width = first.length;
  for (const word of words) {
    const fits = width + 1 + word.length <= columns;
    shown += `${fits ? " " : "\n"}${word}`;
    width = fits ? width + 1 + word.length : word.length;
  }
  return shown;
}
