import { type Closing, type ErrorAnswer, FAULTS, type Fault, fault } from "@papo/protocol";

/** The tracker's human text stays behind: people read our own words for the code. Its statement is not believed here: whoever uses it opens it. */
export function saidFault(said: ErrorAnswer | Closing): Fault {
  const statement = "statement" in said ? said.statement : undefined;
  return {
    ...fault(said.code, "said by the tracker"),
    ...(said.retryAfterMs === undefined ? {} : { retryAfterMs: said.retryAfterMs }),
    ...(statement === undefined ? {} : { statement }),
  };
}

/** Why there was no proof. Whoever gave the reason is not known to be the tracker: what only it could know is not believed. */
export function unproven(reason: Fault): Fault {
  const isCredible = FAULTS[reason.code] === "later" || reason.code === "unsupported";
  return isCredible ? reason : fault("tracker_unreachable", `no proof of the tracker's key: ${reason.code}`);
}
