import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  commandTextsOf,
  type Language,
  LANGUAGES,
  languageOf,
  type PapoTexts,
  parseLanguage,
} from "@papo/view-model/command-texts";
import { type ParsedLine, parseLine } from "./arguments/parse.ts";
import { CommandError } from "./commands/command.ts";
import { COMMANDS, typedAs } from "./commands/table.ts";
import { EXIT } from "./exit-codes.ts";
import { type Folders, userFolders } from "./settings/folders.ts";
import { processStdio, type Stdio } from "./stdio.ts";

// Only what `--help` needs is imported above; the rest is loaded when it is known what runs.

/** Runs one command line and resolves to its exit code; `apps/papo/bin/papo.js` calls it. */
export async function main(argv: readonly string[]): Promise<number> {
  const stdio = processStdio();
  const line = parseLine(argv);
  const folders = userFolders();
  const language = await chooseLanguage(line, folders);
  const texts = commandTextsOf(language);
  const letGo = stayAlive();
  try {
    return await runLine({ line, folders, language, texts, stdio });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    stdio.errorLine(error.message);
    return error.exitCode;
  } finally {
    letGo();
  }
}

/** Clocks do not keep a process alive, so a command that waits for one would end it. Returns the way to let go. */
function stayAlive(): () => void {
  const { port1, port2 } = new MessageChannel();
  port1.ref();
  return () => {
    port1.close();
    port2.close();
  };
}

type Run = {
  readonly line: ParsedLine;
  readonly folders: Folders | undefined;
  readonly language: Language;
  readonly texts: PapoTexts;
  readonly stdio: Stdio;
};

async function runLine({ line, folders, language, texts, stdio }: Run): Promise<number> {
  const { command, values, words } = line;
  if (line.problem !== undefined) {
    const { problemText } = await import("./arguments/problem-text.ts");
    throw new CommandError(problemText(line.problem, command, texts), EXIT.usage);
  }
  if (values.version === true) {
    // untranslated: names and numbers
    stdio.line(`papo ${version()} (Node.js ${process.versions.node})`);
    return EXIT.ok;
  }
  if (values.help === true) {
    const { helpText } = await import("./help.ts");
    stdio.line(helpText(command, texts, join(folders?.config ?? "~", "config.toml")));
    return EXIT.ok;
  }
  checkLanguage(line, texts);
  const run = await COMMANDS[command].load();
  return run({ values, words, folders, language, texts, stdio });
}

/** `--lang`, else the configuration, else the locale. A broken configuration is told when a command needs it, not here. */
async function chooseLanguage(line: ParsedLine, folders: Folders | undefined): Promise<Language> {
  if (line.values.lang !== undefined) return languageOf(process.env, line.values.lang);
  if (folders === undefined || !existsSync(join(folders.config, "config.toml"))) return languageOf(process.env);
  const { readConfig } = await import("./settings/config-file.ts");
  try {
    const texts = commandTextsOf(languageOf(process.env));
    return languageOf(process.env, readConfig(folders.config, texts).lang);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return languageOf(process.env);
  }
}

function checkLanguage({ values, command }: ParsedLine, { problems }: PapoTexts): void {
  if (values.lang === undefined || parseLanguage(values.lang) !== undefined) return;
  const message = problems.badChoice("--lang", LANGUAGES.join(", "));
  throw new CommandError(`${message} ${problems.seeHelp(typedAs(command))}`, EXIT.usage);
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    readonly version: string;
  };
  return manifest.version;
}
