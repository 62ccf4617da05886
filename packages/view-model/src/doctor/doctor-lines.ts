import type { DoctorCheck, DoctorFinding, DoctorReport, DoctorState } from "@papo/peer/api";
import type { DoctorText, DoctorTexts } from "../catalogue/doctor-texts.ts";

const COLUMNS_MAX = 96;
const COLUMNS_MIN = 40;

/** A report, below its title, as lines that are not broken inside of words. `columns`: of the terminal, where there is one. */
export function doctorLines(
  { checks }: DoctorReport,
  texts: DoctorTexts,
  { columns = COLUMNS_MAX, areAddressesWhole }: { readonly columns?: number; readonly areAddressesWhole: boolean },
): readonly string[] {
  const width = Math.max(COLUMNS_MIN, Math.min(columns, COLUMNS_MAX));
  return [
    ...together(checks).flatMap((alike) => checkLines(alike, texts, width)),
    "",
    ...wrapped(summary(checks, texts), 0, width),
    ...(areAddressesWhole ? [] : wrapped(texts.safeToShow, 0, width)),
  ];
}

type Alike = readonly [DoctorCheck, ...DoctorCheck[]];

const ONE_REASON: ReadonlySet<DoctorFinding> = new Set(["not_reached", "not_from_here", "no_answer"]);

/** What could not be looked at for one reason is one line. */
function together(checks: readonly DoctorCheck[]): readonly Alike[] {
  return checks.flatMap((check): readonly Alike[] => {
    if (!ONE_REASON.has(check.finding)) return [[check]];
    const [first, ...others] = checks.filter(({ finding }) => finding === check.finding);
    return check === first ? [[first, ...others]] : [];
  });
}

function checkLines(alike: Alike, texts: DoctorTexts, width: number): readonly string[] {
  const [check] = alike;
  const subjects = alike.map((one) => texts.subjects[one.check]).join(", ");
  const { says, todo } = textOf(check, texts);
  const mark = texts.states[check.state].padEnd(markWidth(texts));
  const [first = "", ...more] = wrapped(`${subjects}: ${says}`, mark.length, width);
  return [
    mark + first.slice(mark.length),
    ...more,
    ...(todo === undefined ? [] : wrapped(`→ ${todo}`, mark.length, width)),
  ];
}

function textOf({ finding, facts }: DoctorCheck, { findings }: DoctorTexts): DoctorText {
  // Each finding's text takes that finding's facts: TypeScript cannot follow the index.
  return (findings[finding] as (handed: typeof facts) => DoctorText)(facts);
}

function markWidth({ states }: DoctorTexts): number {
  return Math.max(...Object.values(states).map((state) => state.length)) + 2;
}

function summary(checks: readonly DoctorCheck[], { allWell, outcome }: DoctorTexts): string {
  const count = (state: DoctorState) => checks.filter((check) => check.state === state).length;
  const failed = count("failed");
  const warnings = count("warning");
  return failed + warnings === 0 ? allWell : outcome(failed, warnings);
}

/** Every line begins with `indent` blanks. */
function wrapped(text: string, indent: number, width: number): readonly string[] {
  const blanks = " ".repeat(indent);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent + line.length + 1 + word.length > width) {
      lines.push(blanks + line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, blanks + line];
}
