import type { DoctorFinding, DoctorFindings, DoctorState, DoctorSubject } from "@papo/peer/api";

/** What was found, and what helps where something does. */
export type DoctorText = { readonly says: string; readonly todo?: string };

/** What `papo doctor` says. Everything handed in is safe to show. */
export type DoctorTexts = {
  /** Told at once: what follows takes some seconds. */
  readonly title: string;
  readonly subjects: Readonly<Record<DoctorSubject, string>>;
  readonly states: Readonly<Record<DoctorState, string>>;
  readonly findings: { readonly [F in DoctorFinding]: (facts: DoctorFindings[F]) => DoctorText };
  readonly allWell: string;
  readonly outcome: (failed: number, warnings: number) => string;
  /** Under a report without whole addresses. */
  readonly safeToShow: string;
};
