import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

/** Namespaces belong to the whole machine: a name says which process made it, so that several laboratories live side by side. */
const PREFIX = "papo-lab-";
const NAMESPACES = "/run/netns";
const ATTEMPTS = 3;

let made = 0;
const standing = new Set<Namespace>();
// A test process that ends, however it ends, leaves no namespace behind. One that is killed does: see `sweepNamespaces`.
process.once("exit", () => {
  for (const namespace of standing) namespace.end();
});

/** Runs a program to its end. Throws with what it said unless it ended well. */
function run(command: string, args: readonly string[], input = ""): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", input });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")}: ended with ${status}. ${error?.message ?? ""}${stderr}${input}`);
}

/** A network namespace: interfaces, routes, filters and ports of its own. */
export class Namespace {
  readonly name: string;

  /** `role` is for whoever lists the namespaces of the machine. */
  constructor(role: string) {
    made += 1;
    this.name = `${PREFIX}${process.pid}-${made}-${role}`;
    add(this.name);
    standing.add(this);
    // An address is usable at once: nobody else here has it.
    this.shell("sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0", "ip link set lo up");
  }

  /** What stands before a command that is to run in here. The process that it becomes has the id of the one that was started. */
  get wrap(): readonly string[] {
    return ["ip", "netns", "exec", this.name];
  }

  run(command: string, args: readonly string[], input = ""): string {
    return run("ip", ["netns", "exec", this.name, command, ...args], input);
  }

  /** Several lines at once: each start of a process costs. */
  shell(...lines: readonly string[]): string {
    return this.run("sh", ["-eu"], lines.join("\n"));
  }

  rules(text: string): void {
    this.run("nft", ["-f", "-"], text);
  }

  /** Kills what runs in here, and it is gone. */
  end(): void {
    if (!standing.delete(this)) return;
    remove(this.name);
  }
}

/** Takes away what processes that are gone have left: they were killed before they could. */
export function sweepNamespaces(): void {
  for (const name of existsSync(NAMESPACES) ? readdirSync(NAMESPACES) : []) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`, "u").exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) remove(name);
  }
}

/** The first two on a machine may be made at the same moment, and one then finds the folder half made. */
function add(name: string): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      run("ip", ["netns", "add", name]);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

function remove(name: string): void {
  const listed = spawnSync("ip", ["netns", "pids", name], { encoding: "utf8" }).stdout;
  for (const pid of listed.split("\n").filter((line) => line !== "")) kill(Number(pid));
  spawnSync("ip", ["netns", "del", name]);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
