// A reporter for node:test that writes only the name of each test and whether it passed, a line each, for `npm test`. Of one that did not run: why.
export default async function* testCounts(events) {
  for await (const { type, data } of events) {
    const isOne = data?.details?.type !== "suite" && data?.details?.error?.failureType !== "subtestsFailed";
    const outcome = data?.skip === undefined ? `passed ${data?.name}` : `skipped ${data.skip}`;
    if (type === "test:pass" && isOne) yield `${oneLine(outcome)}\n`;
    if (type === "test:fail" && isOne) yield `failed ${oneLine(data.name)}\n`;
  }
}

function oneLine(name) {
  return name.replaceAll(/\s+/g, " ");
}
