// A reporter for node:test that writes only the name of each test and whether it passed, a line each, for `npm test`.
export default async function* testCounts(events) {
  for await (const { type, data } of events) {
    const isOne = data?.details?.type !== "suite" && data?.details?.error?.failureType !== "subtestsFailed";
    if (type === "test:pass" && isOne && data.skip === undefined) yield `passed ${oneLine(data.name)}\n`;
    if (type === "test:fail" && isOne) yield `failed ${oneLine(data.name)}\n`;
  }
}

function oneLine(name) {
  return name.replaceAll(/\s+/g, " ");
}
