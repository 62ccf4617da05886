import { catalogueOf, type Language } from "@papo/view-model";
import { type ConsoleStreams, openConsole } from "./open-console.ts";

/** One question after the other, none of whose answers shows anywhere. Fewer answers than questions: the input ended. */
export async function askSecrets(
  streams: ConsoleStreams,
  language: Language,
  prompts: readonly string[],
): Promise<readonly string[]> {
  const console = openConsole(streams, catalogueOf(language));
  const answers: string[] = [];
  try {
    for (const prompt of prompts) {
      const answer = await console.ask({ prompt, secret: true });
      if (answer.kind !== "line") break;
      answers.push(answer.text);
    }
    return answers;
  } finally {
    console.close();
  }
}
