import type { Outcome } from "@papo/protocol";
import { fail } from "@papo/protocol";
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import type { PortMapper, PortMapping } from "./port-mapper.ts";

export type PortMapperPorts = {
  readonly clock: Clock;
  readonly random: Random;
  /** Told when a renewal gave another port outside, or the mapping is lost (null). */
  readonly changed: (mapping: PortMapping | null) => void;
};

/** The router of this network. Nothing is loaded and nobody asked before the first `map`. Whoever opens it closes it. */
export function openPortMapper(ports: PortMapperPorts): PortMapper {
  let opening: Promise<PortMapper> | undefined;
  let isClosed = false;
  return {
    async map(port): Promise<Outcome<PortMapping>> {
      if (isClosed) return fail("closed", "no more ports are mapped");
      opening ??= import("./router-ways.ts").then(({ routerMapper }) => routerMapper(ports));
      return (await opening).map(port);
    },
    unmap: async () => (await opening)?.unmap(),
    close: async () => {
      isClosed = true;
      await (await opening)?.close();
    },
  };
}
