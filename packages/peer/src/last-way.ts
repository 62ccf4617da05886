import type { LinkEnds } from "@papo/link";
import { decodeWith, ipLiteral, parseStrictJson } from "@papo/protocol";
import * as v from "valibot";
import type { EpochStore } from "./identity/epochs.ts";

const SETTING = "last way to the tracker";

const lastWay = v.object({
  local: ipLiteral,
  remote: ipLiteral,
  port: v.nullable(v.pipe(v.number(), v.safeInteger())),
});
type Way = v.InferOutput<typeof lastWay>;

/** By which way the tracker was reached last and at which port others reached us, also before this start: while it is gone we listen there again. */
export class LastWay {
  readonly #store: EpochStore;
  #way: Way | undefined;

  constructor(store: EpochStore) {
    this.#store = store;
    this.#way = read(store.setting(SETTING));
  }

  get ends(): Pick<LinkEnds, "localAddress" | "remoteAddress"> | undefined {
    return this.#way === undefined ? undefined : { localAddress: this.#way.local, remoteAddress: this.#way.remote };
  }

  /** Empty while there was none. */
  get trackerAddress(): string {
    return this.#way?.remote ?? "";
  }

  /** Others know it, so it is taken again where that can be. */
  get port(): number | undefined {
    return this.#way?.port ?? undefined;
  }

  /** Nobody waits for the disk: what is lost is found again at the next login. */
  note({ localAddress, remoteAddress }: LinkEnds, port: number | undefined): void {
    const before = JSON.stringify(this.#way);
    const noted = v.safeParse(lastWay, { local: localAddress, remote: remoteAddress, port: port ?? null });
    if (!noted.success) return;
    this.#way = noted.output;
    const text = JSON.stringify(this.#way);
    if (text !== before) void this.#store.keep(SETTING, text);
  }
}

function read(text: string | undefined): Way | undefined {
  if (text === undefined) return undefined;
  const parsed = parseStrictJson(text);
  const way = parsed.ok ? decodeWith(lastWay, parsed.value) : parsed;
  return way.ok ? way.value : undefined;
}
