import { PAPO, TCP_BATCHED, TCP_UNBATCHED, TLS_BATCHED, TLS_UNBATCHED } from "../cases/link.ts";
import { medianOf, type Summaries } from "../measure/benchmark.ts";

/** Where the time goes in a benchmark that missed its target. Its figures are those of the same run. */
export function profileOf(name: string, summaries: Summaries): string | undefined {
  return PROFILES.get(name)?.((variant) => medianOf(summaries, variant, "value"));
}

type Median = (variant: string) => number;

/** What the program does there, and how much of it bare TLS does as well. */
const PROFILES: ReadonlyMap<string, (median: Median) => string> = new Map([
  [
    "link-messages",
    (median: Median) =>
      `Bare \`node:tls\` reaches ${share(median(TLS_BATCHED), median(TCP_BATCHED))} of TCP, a Papo link ${share(median(PAPO), median(TLS_BATCHED))} of bare TLS. TLS hands its plain text over in chunks of at most 16 KiB, one event each, where TCP reads 64 KiB at once; what Papo adds is a header that is checked, a queue that is counted and a time limit that is moved for each chunk.`,
  ],
  [
    "link-blocks",
    (median: Median) =>
      `Bare \`node:tls\` reaches ${share(median(TLS_BATCHED), median(TCP_BATCHED))} of TCP, a Papo link ${share(median(PAPO), median(TLS_BATCHED))} of bare TLS. Beside AES-GCM itself, the time goes into moving bytes: TLS gives a block in pieces of at most 16 KiB, which are gathered, and what is sent is copied into the batch and again by OpenSSL, where TCP hands the block to the system from where it lies. The garbage collector works on every buffer of either.`,
  ],
  [
    "link-round-trip",
    (median: Median) =>
      `Bare \`node:tls\` takes ${times(median(TLS_UNBATCHED), median(TCP_UNBATCHED))} what TCP takes, a Papo link ${times(median(PAPO), median(TLS_UNBATCHED))} what bare TLS takes. Each message is one record that is sealed, and opened at the other side, twice per round trip.`,
  ],
  [
    "link-connect",
    (median: Median) =>
      `Of ${median(PAPO).toFixed(2)} ms, bare \`node:tls\` with the same settings takes ${median(TLS_UNBATCHED).toFixed(2)} ms and a TCP connection ${median(TCP_UNBATCHED).toFixed(2)} ms. That is the handshake: on each side one Ed25519 signature made and one verified, a key exchange in X25519 and in ML-KEM-768, two certificates read, and the objects that Node makes for a TLS connection. Session resumption would save most of it and is refused on purpose, because whoever resumes proves no key.`,
  ],
  [
    "start-help",
    () =>
      "What is not Node itself is loading modules: the program's entry, the table of commands and the catalogue of one language.",
  ],
  [
    "start-classic",
    () =>
      "What is not Node itself is loading modules (the engine, its schemas, the screens), making the keys of a new profile, and one TLS handshake with the tracker.",
  ],
]);

function share(part: number, whole: number): string {
  return `${Math.round((100 * part) / whole)} %`;
}

function times(part: number, whole: number): string {
  return `${(part / whole).toFixed(2)} times`;
}
