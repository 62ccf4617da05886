import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Program } from "../processes/program.ts";
import { TemporaryHome } from "../processes/temporary-home.ts";
import type { LabNat } from "./nat.ts";
import { INSIDE, OUTSIDE } from "./nat-rules.ts";

/** A real `miniupnpd` on a router: who is inside may ask it for ports, by UPnP, NAT-PMP or PCP. */
export class PortMapper implements AsyncDisposable {
  readonly #home = new TemporaryHome("miniupnpd");
  readonly #router: LabNat;
  readonly #program: Program;

  private constructor(router: LabNat) {
    this.#router = router;
    writeFileSync(this.#home.at("miniupnpd.conf"), settings(this.#home.at("leases")));
    const words = ["miniupnpd", "-d", "-f", this.#home.at("miniupnpd.conf"), "-P", this.#home.at("pid")];
    const [command = "ip", ...before] = router.namespace.wrap;
    this.#program = new Program(command, [...before, ...words], { env: this.#home.environment(), name: "miniupnpd" });
  }

  static isPossible(): boolean {
    return spawnSync("miniupnpd", ["--version"]).error === undefined;
  }

  static async on(router: LabNat): Promise<PortMapper> {
    const mapper = new PortMapper(router);
    await mapper.#program.err.see("Listening for NAT-PMP/PCP traffic");
    return mapper;
  }

  /** The ports that are open in the router now, as its rules say it. */
  mappings(): readonly string[] {
    const rules = this.#router.namespace.run("nft", ["list", "chain", "inet", "filter", "prerouting_miniupnpd"]);
    return rules.split("\n").flatMap((line) => (line.includes("dnat") ? [line.trim()] : []));
  }

  /** What it says, for complaints. */
  get said(): string {
    return this.#program.err.text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    this.#home[Symbol.dispose]();
  }
}

function settings(leases: string): string {
  return [
    `ext_ifname=${OUTSIDE}`,
    `listening_ip=${INSIDE}`,
    "enable_upnp=yes",
    "enable_natpmp=yes",
    "secure_mode=yes",
    "uuid=7d0b5e0a-7c7e-4c33-9a15-4f6b3a8f1c11",
    `lease_file=${leases}`,
    "upnp_forward_chain=miniupnpd",
    "upnp_nat_chain=prerouting_miniupnpd",
    "upnp_nat_postrouting_chain=postrouting_miniupnpd",
    "allow 1024-65535 0.0.0.0/0 1024-65535",
    "deny 0-65535 0.0.0.0/0 0-65535",
    "",
  ].join("\n");
}
