import { readFileSync } from "node:fs";
import {
  localAddresses,
  lookUp,
  openLan,
  openPortMapper,
  probe,
  systemClock,
  systemRandom,
  tcpNetwork,
} from "@papo/link";
import { type ExaminationOptions, examineComputer, trackerOfAccount } from "@papo/peer";
import type { DoctorReport } from "@papo/peer/api";
import { NAME_BYTES_MAX, quoteSafe, type TrackerAddress } from "@papo/protocol";
import { doctorLines } from "@papo/view-model";
import { EXIT } from "../exit-codes.ts";
import { chatSettings } from "../settings/chat-settings.ts";
import { CommandError, type CommandProgram, type Invocation } from "./command.ts";

/** `papo doctor`: what this computer, its profile and its tracker are like, and what to do about it. */
export const doctor: CommandProgram = async (invocation) => {
  const { values, texts, stdio } = invocation;
  const areAddressesWhole = values["show-addresses"] ?? false;
  const subject = await subjectOf(invocation);
  if (values.json !== true) stdio.line(`${texts.doctor.title}\n`);
  const report = await examineComputer({
    ...subject,
    showAddresses: areAddressesWhole,
    node: { version: process.versions.node, needed: neededNode() },
    network: tcpNetwork(systemClock),
    clock: systemClock,
    lookUp,
    whoAnswers: (place) => probe(place, systemClock),
    ownAddresses: localAddresses,
    ...surroundings(invocation),
  });
  if (values.json === true) stdio.line(JSON.stringify(asJson(report)));
  else
    for (const line of doctorLines(report, texts.doctor, { areAddressesWhole, ...terminal(invocation) }))
      stdio.line(line);
  return hasFailed(report) ? EXIT.failed : EXIT.ok;
};

/** What Papo asks around it unless it is told not to. */
function surroundings(invocation: Invocation): Pick<ExaminationOptions, "openMapper" | "openLan"> {
  const { lan, portMapping, hideAddress } = chatSettings(invocation);
  const time = { clock: systemClock, random: systemRandom };
  return {
    ...(portMapping && !hideAddress ? { openMapper: () => openPortMapper({ ...time, changed: () => {} }) } : {}),
    ...(lan === "off" ? {} : { openLan: () => openLan(time) }),
  };
}

type Subject = { readonly profile: string; readonly tracker: TrackerAddress; readonly isLocal: boolean };

/** What `papo` would use with the same words; with --account, what that account uses. */
async function subjectOf(invocation: Invocation): Promise<Subject> {
  const { values, texts } = invocation;
  const { profile, tracker, localPort } = chatSettings(invocation);
  if (values.account !== undefined && values.tracker === undefined) {
    const own = await trackerOfAccount(profile, values.account);
    if (own !== undefined) return { profile, tracker: own, isLocal: false };
    throw new CommandError(texts.account.unknown(quoteSafe(values.account, NAME_BYTES_MAX)), EXIT.failed);
  }
  const local = { dialect: "papo", host: "127.0.0.1", port: localPort, key: undefined } as const;
  return { profile, tracker: tracker ?? local, isLocal: tracker === undefined };
}

function terminal({ stdio: { output } }: Invocation): { readonly columns?: number } {
  return output.isTTY ? { columns: output.columns } : {};
}

/** docs/doctor.md */
function asJson(report: DoctorReport): object {
  return { v: 1, ok: !hasFailed(report), platform: process.platform, checks: report.checks };
}

function hasFailed({ checks }: DoctorReport): boolean {
  return checks.some(({ state }) => state === "failed");
}

function neededNode(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    readonly engines: { readonly node: string };
  };
  return manifest.engines.node.replace(/^\D+/u, "");
}
