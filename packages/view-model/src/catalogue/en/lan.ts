import type { LanTexts } from "../lan-texts.ts";

export const lan: LanTexts = {
  announced: "It announces itself in the local network: papo on another machine finds it. Not to announce it: --no-lan",
  found: "Trackers that announce themselves in this network (compare the key with whoever hosts it):",
  hostHere: "none of these: host one here, for this machine alone",
  choose: "Which one? ",
  notInList: (choices) => `Type a number from 1 to ${choices}.`,
  toKeep: (address, configFile) => `To use this one always, write tracker = "${address}" in ${configFile}.`,
  nobody: "No tracker announces itself in this network.",
  noNetwork: "This machine is in no local network.",
  unsupported:
    "The system does not let Papo look around in the local network: another program keeps UDP port 5353 to itself.",
};
