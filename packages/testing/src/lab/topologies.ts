import type { LabHost } from "./host.ts";
import type { Lab } from "./lab.ts";
import type { NatKind } from "./nat-rules.ts";

/** Where two people and their tracker are. */
export type Topology = { readonly tracker: LabHost; readonly one: LabHost; readonly other: LabHost };

/** What lies between two people, as docs/network-lab.md lists it. */
export const TOPOLOGIES = {
  "both in the internet": (lab) => between(lab, undefined, undefined),
  "one LAN, the tracker in it": oneLan,
  "one LAN behind a router, the tracker outside": oneLanBehindRouter,
  "one behind a router": (lab) => between(lab, undefined, "preserving"),
  "both behind routers": (lab) => between(lab, "preserving", "preserving"),
  "one router symmetric": (lab) => between(lab, "preserving", "symmetric"),
  "both routers symmetric": (lab) => between(lab, "symmetric", "symmetric"),
  "one router resets": (lab) => between(lab, "preserving", "rst"),
  "IPv6 only": ipv6Only,
  "IPv6 only, behind firewalls": (lab) => between(lab, "firewall", "firewall"),
} as const satisfies Record<string, (lab: Lab) => Topology>;

export type TopologyName = keyof typeof TOPOLOGIES;

function between(lab: Lab, ...kinds: readonly [NatKind | undefined, NatKind | undefined]): Topology {
  const tracker = lab.host("tracker", { families: kinds[0] === "firewall" ? "ipv6" : "ipv4" });
  const host = (name: string, kind: NatKind | undefined): LabHost =>
    lab.host(name, kind === undefined ? {} : { behind: lab.nat(`router-${name}`, kind) });
  return { tracker, one: host("one", kinds[0]), other: host("other", kinds[1]) };
}

function oneLan(lab: Lab): Topology {
  const on = lab.lan("lan");
  return { tracker: lab.host("tracker", { on }), one: lab.host("one", { on }), other: lab.host("other", { on }) };
}

function oneLanBehindRouter(lab: Lab): Topology {
  const behind = lab.nat("router", "preserving");
  return { tracker: lab.host("tracker"), one: lab.host("one", { behind }), other: lab.host("other", { behind }) };
}

function ipv6Only(lab: Lab): Topology {
  const options = { families: "ipv6" } as const;
  return {
    tracker: lab.host("tracker", options),
    one: lab.host("one", options),
    other: lab.host("other", options),
  };
}
