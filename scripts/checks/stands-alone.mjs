// The repository needs nothing but itself and a package registry of the reader's choice. No file of it may name a
// folder of some machine, a folder beside the checkout, or the host of a registry. The patterns are spelled
// with a set of one letter in each, so that this file is not its own first finding.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isProgram, report } from "./findings.mjs";
import { repositoryFiles, ROOT } from "./tree.mjs";

const FORBIDDEN = [
  {
    rule: "machine-path",
    pattern: /(?<![\w.~-])\/(?:wor[k]|hom[e]|roo[t]|User[s]|mn[t]|op[t]\/[a-z]+)\/[\w.-]+/,
  },
  { rule: "machine-path", pattern: /\b[A-Z]:\\User[s]\\/ },
  { rule: "beside-the-checkout", pattern: /\.\.\/share[d]\b/ },
  { rule: "registry-host", pattern: /\bregistr[y]\.[a-z0-9-]+(\.[a-z]+)+/ },
  { rule: "registry-host", pattern: /"resolve[d]": "(https?|git|ssh|file):/ },
];
const BINARY = /\.(png|jpe?g|gif|ico|woff2?|bin|tgz)$/;

export function standsAloneFindings(file, text) {
  const lines = text.split("\n");
  return lines.flatMap((content, index) =>
    FORBIDDEN.filter(({ pattern }) => pattern.test(content)).map(({ rule, pattern }) => ({
      file,
      line: index + 1,
      rule,
      message: `${pattern.exec(content)?.[0]} is not part of the repository`,
    })),
  );
}

if (isProgram(import.meta)) {
  const files = repositoryFiles().filter((file) => !BINARY.test(file));
  const findings = files.flatMap((file) => standsAloneFindings(file, readFileSync(join(ROOT, file), "utf8")));
  report(findings, `${files.length} files looked at`);
}
