/** The three standard streams as a command uses them. The only raw writes of this program stand in this file. */
export interface Stdio {
  /** For the screens, which read and write them as they need. */
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  /** One line, or several. */
  line(text: string): void;
  errorLine(text: string): void;
  /** No more is read: an open pipe does not keep the process alive. */
  stopReading(): void;
}

/** A reader that goes away (`papo --help | head -1`) is no mistake of ours. */
function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
}

export function processStdio(): Stdio {
  process.stdout.on("error", ignoreBrokenPipe);
  process.stderr.on("error", ignoreBrokenPipe);
  return {
    input: process.stdin,
    output: process.stdout,
    line: (text) => void process.stdout.write(`${text}\n`),
    errorLine: (text) => void process.stderr.write(`${text}\n`),
    stopReading: () => void process.stdin.destroy(),
  };
}
