import { formatTrackerAddress } from "@papo/protocol";
import { EXIT } from "../exit-codes.ts";
import { trackersNearby } from "../hosting/trackers-nearby.ts";
import { CommandError, type CommandProgram } from "./command.ts";

/** `papo trackers`: those that announce themselves in the local network, one address a line. */
export const trackers: CommandProgram = async ({ values, texts, stdio }) => {
  const found = await trackersNearby();
  if (!found.ok) throw new CommandError(texts.lan.unsupported, EXIT.failed);
  const { trackers, noNetwork } = found.value;
  for (const tracker of trackers) {
    const address = formatTrackerAddress(tracker);
    const { host, port, key } = tracker;
    stdio.line(values.json === true ? JSON.stringify({ address, host, port, key }) : address);
  }
  // Not on the output: what is there are addresses, however many.
  if (trackers.length === 0 && values.json !== true)
    stdio.errorLine(noNetwork ? texts.lan.noNetwork : texts.lan.nobody);
  return EXIT.ok;
};
