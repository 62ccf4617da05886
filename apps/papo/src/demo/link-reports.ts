import type { LinkReport, PeerApi } from "@papo/peer/api";

/** What a started Papo tells the program that started it with an IPC channel, and nobody else: its links as they are now. */
export type ReportedLink = Pick<LinkReport, "username" | "encrypted" | "group">;

/** Does nothing unless whoever started this process opened an IPC channel, as the demo does. */
export function reportLinks(peer: PeerApi): void {
  const { channel } = process;
  if (channel === undefined || process.send === undefined) return;
  channel.unref();
  // From the events alone: links open before the login that they come with is answered.
  let links: readonly ReportedLink[] = [];
  peer.subscribe((event) => {
    if (event.kind === "linked") links = [...links, reportOf(event.link)];
    else if (event.kind === "unlinked") links = without(links, event.username);
    else return;
    // The demo may be gone already; that is its own affair.
    process.send?.(links, undefined, undefined, () => {});
  });
}

function reportOf({ username, encrypted, group }: LinkReport): ReportedLink {
  return { username, encrypted, group };
}

/** Without one link of that name: somebody may have several. */
function without(links: readonly ReportedLink[], username: ReportedLink["username"]): readonly ReportedLink[] {
  const at = links.findIndex((link) => link.username === username);
  return links.filter((_, index) => index !== at);
}
