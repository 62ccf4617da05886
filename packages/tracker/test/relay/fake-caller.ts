import assert from "node:assert/strict";
import type { LinkEnds, Splice, SpliceRules, TicketCaller } from "@papo/link";

type Spliced = { readonly with: FakeCaller; readonly rules: SpliceRules; isShut: boolean };

/** A connection with a ticket that stands still and remembers what was done with it. */
export class FakeCaller implements TicketCaller {
  readonly ticket: Uint8Array;
  readonly ends: LinkEnds;
  spliced: Spliced | undefined;
  isClosed = false;
  readonly #done: (() => void)[] = [];

  constructor(ticket: string, { remoteAddress = "198.51.100.7", remotePort = 50_000 } = {}) {
    this.ticket = Buffer.from(ticket, "base64url");
    this.ends = { remoteAddress, remotePort, localAddress: "192.0.2.1", localPort: 6_060 };
  }

  onClosed(done: () => void): void {
    this.#done.push(done);
  }

  destroy(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    queueMicrotask(() => {
      for (const done of this.#done) done();
    });
  }

  spliceWith(other: TicketCaller, rules: SpliceRules): Splice {
    assert.ok(other instanceof FakeCaller);
    const spliced: Spliced = { with: other, rules, isShut: false };
    this.spliced = spliced;
    const close = (): void => {
      if (spliced.isShut) return;
      spliced.isShut = true;
      this.destroy();
      other.destroy();
      rules.ended({ why: "shut", bytes: { one: 0, other: 0 } });
    };
    return { close };
  }

  /** Both sides have ended it. */
  end(one: number, other: number): void {
    this.spliced?.rules.ended({ why: "closed", bytes: { one, other } });
  }
}
