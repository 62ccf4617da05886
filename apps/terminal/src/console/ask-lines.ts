import { catalogueOf, type Language, textLine } from "@papo/view-model";
import { type ConsoleStreams, openConsole } from "./open-console.ts";

type AskedLine = {
  readonly prompt: string;
  readonly isAnswer: (text: string) => boolean;
  /** What is said of any other line, before it is asked again. Safe to show. */
  readonly otherwise: string;
};

/** Asks until the line is an answer. Undefined: the input ended. */
export async function askLines(
  streams: ConsoleStreams,
  language: Language,
  { prompt, isAnswer, otherwise }: AskedLine,
): Promise<string | undefined> {
  const console = openConsole(streams, catalogueOf(language));
  try {
    for (;;) {
      const answer = await console.ask({ prompt });
      if (answer.kind === "line" && isAnswer(answer.text)) return answer.text;
      if (answer.kind !== "line" && answer.kind !== "too-long") return undefined;
      console.print([textLine(otherwise)]);
    }
  } finally {
    console.close();
  }
}
