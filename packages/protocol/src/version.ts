/**
 * The version of the language that Papo programs speak, told in every HELLO.
 *
 * 1 — 2026-11: the founding language: tracker commands, live room and private messages over TLS links.
 *
 * 2 — 2026-11: logs of rooms and how they are brought together, tickets, invites, receipts, numbered private messages.
 *
 * 3 — 2026-11: signed addresses, calls through a tracker, addresses as a tracker sees them, relays, what users say of being away.
 *
 * Whatever changes a schema moves this number, adds a line above and moves the fingerprint in
 * test/fingerprint.test.ts, all together. Version 1 is the floor: everything newer still reads it.
 */
export const PROTOCOL_VERSION = 3;

/** ALPN of a session with a tracker (RFC 7301). */
export const TRACKER_ALPN = "papo-tracker/1";
/** ALPN of a link between peers. */
export const PEER_ALPN = "papo-peer/1";
/** Where a tracker listens unless told otherwise, as in the report. */
export const TRACKER_PORT_DEFAULT = 6060;
/** Where a relay alone listens unless told otherwise. */
export const RELAY_PORT_DEFAULT = 6062;
/** Where a tracker serves its operator (loopback only). */
export const OPS_PORT_DEFAULT = 6061;
