import { type Outcome, type TrackerAddress, fail, formatTrackerAddress, succeed } from "@papo/protocol";

/** Where the tracker is: at one address, at any of several that it has, or asked before every dial (a tracker on this machine may move between processes). */
export type TrackerSource = TrackerAddress | readonly TrackerAddress[] | (() => Promise<Outcome<TrackerAddress>>);

/** The addresses of the tracker, the one that is likeliest to answer first. */
export type TrackerAddresses = readonly [TrackerAddress, ...TrackerAddress[]];

/** Which address of the tracker to dial: the one at which it answered last, then the others as they were given. */
export class TrackerPlaces {
  readonly #source: TrackerSource;
  #current: TrackerAddress;

  private constructor(source: TrackerSource, current: TrackerAddress) {
    this.#source = source;
    this.#current = current;
  }

  /** Fails where it is not known where the tracker is. */
  static async open(source: TrackerSource): Promise<Outcome<TrackerPlaces>> {
    const given = await addressesOf(source);
    return given.ok ? succeed(new TrackerPlaces(source, given.value[0])) : given;
  }

  /** Where it answered last, else where it is looked for first. */
  get current(): TrackerAddress {
    return this.#current;
  }

  async list(): Promise<Outcome<TrackerAddresses>> {
    const given = await addressesOf(this.#source);
    if (!given.ok) return given;
    const [first, ...others] = given.value;
    if (typeof this.#source === "function") this.#current = first;
    const place = formatTrackerAddress(this.#current);
    const best = given.value.find((address) => formatTrackerAddress(address) === place) ?? first;
    return succeed([best, ...[first, ...others].filter((address) => address !== best)]);
  }

  answered(address: TrackerAddress): void {
    this.#current = address;
  }
}

async function addressesOf(source: TrackerSource): Promise<Outcome<TrackerAddresses>> {
  const given = typeof source === "function" ? await source() : succeed(source);
  if (!given.ok) return given;
  const [first, ...others] = "dialect" in given.value ? [given.value] : given.value;
  return first === undefined
    ? fail("tracker_unreachable", "tracker: expected an address")
    : succeed([first, ...others]);
}
