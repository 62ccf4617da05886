import { lookup } from "node:dns/promises";
import { type Outcome, fail, succeed } from "@papo/protocol";

/** The addresses of a host that a person has named, as a dial would find them. `unreachable`: there are none; `timeout`: nobody says. */
export async function lookUp(host: string): Promise<Outcome<readonly string[]>> {
  try {
    return succeed((await lookup(host, { all: true })).map(({ address }) => address));
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    return code === "EAI_AGAIN"
      ? fail("timeout", "no name server answers")
      : fail("unreachable", `no address: ${code}`);
  }
}
