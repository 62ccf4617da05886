import type { LinkReport, PeerApi } from "@papo/peer/api";

/** What a started Papo tells the program that started it with an IPC channel, and nobody else: its links as they are now. */
export type ReportedLink = Pick<LinkReport, "username" | "encrypted" | "group">;

/** Does nothing unless whoever started this process opened an IPC channel, as the demo does. */
export function reportLinks(peer: PeerApi): void {
  const { channel } = process;
  if (channel === undefined || process.send === undefined) return;
  channel.unref();
  peer.subscribe(({ kind }) => {
    if (kind !== "linked" && kind !== "unlinked") return;
    const links = peer.diagnostics().links.map(({ username, encrypted, group }) => ({ username, encrypted, group }));
    // The demo may be gone already; that is its own affair.
    process.send?.(links, undefined, undefined, () => {});
  });
}
