import { safeText } from "@papo/protocol";
import type { CommandName, PapoTexts } from "@papo/view-model/command-texts";
import { COMMANDS, typedAs } from "../commands/table.ts";
import { optionSpec } from "./options.ts";
import type { Problem } from "./parse.ts";

const SHOWN_CHARS_MAX = 64;

/** One line that says what is wrong, and where to read on. */
export function problemText(problem: Problem, command: CommandName, texts: PapoTexts): string {
  return `${whatIsWrong(problem, command, texts)} ${texts.problems.seeHelp(typedAs(command))}`;
}

function whatIsWrong(problem: Problem, command: CommandName, { problems, placeholders }: PapoTexts): string {
  switch (problem.kind) {
    case "unknown-command":
      return problems.unknownCommand(shown(problem.word), problem.nearest);
    case "unexpected-word":
      return problems.unexpectedWord(shown(problem.word), typedAs(command));
    case "missing-word":
      return missingText(command, problems);
    case "unknown-option":
      return problems.unknownOption(shown(problem.option), problem.nearest);
    case "other-command-option":
      return problems.optionOfAnotherCommand(shown(problem.option), typedAs(command));
    case "repeated-option":
      return problems.repeatedOption(shown(problem.option));
    case "needs-value": {
      const spec = optionSpec(problem.name);
      return problems.needsValue(`--${problem.name}`, spec.type === "string" ? placeholders[spec.value] : "");
    }
    case "takes-no-value":
      return problems.takesNoValue(shown(problem.option));
  }
}

function missingText(command: CommandName, problems: PapoTexts["problems"]): string {
  const { takes } = COMMANDS[command];
  if (takes === "message") return problems.missingConversation(typedAs(command));
  return (takes === "file" ? problems.missingFile : problems.missingFolder)(typedAs(command));
}

function shown(word: string): string {
  return safeText(word.slice(0, SHOWN_CHARS_MAX));
}
