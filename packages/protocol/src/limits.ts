/**
 * Every bound of the protocol and of the programs that speak it, with its unit in the name.
 * Nothing grows without one. docs/protocol/limits.md holds the same table with the reasons.
 */

// ---- JSON and frames (docs/protocol/framing.md)
/** Levels of nested objects and arrays in any JSON text, the outermost counted. */
export const JSON_DEPTH_MAX = 16;
/** Bytes of one unframed object of the seed dialect. */
export const SEED_OBJECT_BYTES_MAX = 65_536;
/** Bytes a seed client reads at once: no answer to one may be longer. */
export const SEED_ANSWER_BYTES_MAX = 4_096;
/** Bytes of the payload of a JSON frame (kind 0). */
export const JSON_FRAME_BYTES_MAX = 65_536;
/** Bytes of the payload of a frame of bytes (kind 1) or of an unknown kind below 128. */
export const BYTES_FRAME_BYTES_MAX = 262_144;
/** From an object's or a frame's first byte to its last. */
export const MESSAGE_COMPLETE_TIMEOUT_MS = 10_000;
/** Peers or rooms read from one answer of an original tracker. */
export const SEED_LISTED_MAX = 1_024;
/** Recoverable mistakes on one connection before it is closed. */
export const MISTAKES_MAX = 3;
/** Bytes of a PING or PONG frame; a longer message is neither, whatever it says. */
export const KEEP_ALIVE_BYTES_MAX = 256;

// ---- names and texts (docs/protocol/names.md)
/** Characters (code points) of a username. */
export const USERNAME_CHARS_MAX = 32;
/** Code points of a room name. */
export const ROOM_NAME_CHARS_MAX = 64;
/** Bytes of UTF-8 in any name, those of an original tracker's files included. */
export const NAME_BYTES_MAX = 256;
/** Bytes of UTF-8 in the content of one chat message. */
export const MESSAGE_CONTENT_BYTES_MAX = 32_768;
/** Combining marks shown on one base character. */
export const COMBINING_MARKS_MAX = 4;
/** Invisible characters in a row that are shown one by one. */
export const INVISIBLE_RUN_MAX = 4;
/** Joiners in one emoji: the longest known ones have three. */
export const EMOJI_JOINERS_MAX = 4;
/** Hex digits of the report's password hash (SHA-256). */
export const PASSWORD_HASH_CHARS = 64;
/** Bytes of a `password` field that is read at all. */
export const PASSWORD_FIELD_BYTES_MAX = 256;
/** Characters of the `address` field that a client claims. It is never used. */
export const CLAIMED_ADDRESS_CHARS_MAX = 256;
/** Characters of a human text (`msg`) in any answer. */
export const MSG_CHARS_MAX = 1_024;

// ---- identity (docs/protocol/identity.md)
/** Devices in one account statement, revoked ones counted. */
export const STATEMENT_DEVICES_MAX = 32;
/** Bytes of one account statement's signed text. */
export const STATEMENT_BYTES_MAX = 16_384;
/** Bytes of one name binding's signed text. */
export const BINDING_BYTES_MAX = 1_024;
/** How far the date of a request to unlatch may be from the tracker's clock, either way. */
export const UNLATCH_SKEW_MS = 86_400_000;
/** Features that a HELLO may list. */
export const FEATURES_MAX = 64;
/** Characters of one feature's name. */
export const FEATURE_CHARS_MAX = 32;
/** Bytes of a certificate in the TLS handshake; ours has 209. */
export const CERTIFICATE_BYTES_MAX = 4_096;
/** Public keys kept ready for verifying; one that was forgotten is only read again. */
export const PUBLIC_KEYS_KEPT_MAX = 1_024;
/** Bytes of a private file (keys, statements) that are read at all, unless its reader allows more. */
export const PRIVATE_FILE_BYTES_MAX = 1_048_576;

// ---- rooms (docs/protocol/tracker.md)
/** Places of a room in the seed dialect, the owner's counted. */
export const SEED_ROOM_PLACES = 3;
/** Members of a room unless asked otherwise. */
export const ROOM_CAPACITY_DEFAULT = 50;
/** Members of the largest room that may be asked for. */
export const ROOM_CAPACITY_MAX = 1_000;
/** Rooms that one account may own. */
export const ROOMS_OWNED_MAX = 100;
/** Rooms of which one account may be a member. */
export const ROOMS_JOINED_MAX = 100;
/** Items of one page of a listing. */
export const PAGE_ITEMS_MAX = 100;
/** Members in one room view; the rest is fetched by page. */
export const ROOM_VIEW_MEMBERS_MAX = 50;
/** Bytes of JSON that one page or update may take, below the frame's limit. */
export const PAGE_BYTES_MAX = 49_152;
/** Devices (endpoints) of one account that are told to others. */
export const ENDPOINTS_MAX = 8;
/** Least time between two updates about one room to one session; later ones are merged. */
export const ROOM_UPDATE_INTERVAL_MS = 500;

// ---- sessions (docs/protocol/tracker.md)
/** A connection may be silent this long before its first message or its login. */
export const LOGIN_TIMEOUT_MS = 120_000;
/** A TLS handshake takes no longer. */
export const TLS_HANDSHAKE_TIMEOUT_MS = 10_000;
/** A Papo peer's HELLO arrives within this time of its TLS handshake. */
export const HELLO_TIMEOUT_MS = 10_000;
/** Silence on a Papo link after which a PING is sent. */
export const LINK_PING_INTERVAL_MS = 20_000;
/** Silence on a Papo link after which it is dead. */
export const LINK_DEAD_AFTER_MS = 45_000;
/** A clock this far off shows that the machine slept; a link is then given this long to be heard again. */
export const WAKE_GRACE_MS = 5_000;
/** A seed member's seat is kept this long after its socket is lost. */
export const SEED_SEAT_GRACE_MS = 30_000;
/** Bytes waiting in one link's send queue before it is closed as too slow. */
export const LINK_QUEUE_BYTES_MAX = 262_144;
/** Bytes waiting in a peer-to-peer link's send queue before it is closed as too slow. */
export const PEER_LINK_QUEUE_BYTES_MAX = 1_048_576;
/** A write that makes no progress this long closes the link. */
export const WRITE_STALL_TIMEOUT_MS = 5_000;
/** Bytes handed to the system in one write: the longest JSON frame and its header fit. */
export const WRITE_BYTES_MAX = 69_632;
/** Write buffers kept for reuse by all links of a process. */
export const SPARE_BUFFERS_MAX = 64;
/** Least time between two objects written to a seed client unasked, so that one read never gets two. */
export const SEED_PUSH_SPACING_MS = 60;
/** Commands a session may send at once before it is slowed down. */
export const COMMAND_BURST = 20;
/** Commands a second that a session regains. */
export const COMMANDS_PER_SECOND = 10;
/** Commands waiting for their turn in one session before it is closed. */
export const COMMAND_QUEUE_MAX = 64;
/** Requests of one client that await their answers. */
export const REQUESTS_IN_FLIGHT_MAX = 64;
/** A request without an answer fails after this time. */
export const REQUEST_TIMEOUT_MS = 15_000;

// ---- liveness (docs/protocol/seed.md)
/** Seconds between two rounds of PING to seed clients, unless `--ping-interval` says otherwise. */
export const PING_INTERVAL_DEFAULT_SECONDS = 120;
/** Longest time between two rounds of PING that `--ping-interval` takes: a day. */
export const PING_INTERVAL_MAX_SECONDS = 86_400;
/** A PING waits this long for its PONG, the connection included. */
export const PONG_TIMEOUT_MS = 3_000;
/** Bytes read while waiting for a PONG. */
export const PONG_BYTES_MAX = 1_024;
/** PINGs under way at once. */
export const PINGS_CONCURRENT_MAX = 4;
/** Ports below this are accepted as claimed and never dialled. */
export const DIALLED_PORT_MIN = 1_024;

// ---- per-IP limits of a tracker (an IPv6 /64 counts as one IP; loopback is exempt)
/** Connections open at once from one IP, those with a ticket apart: a classroom is one. */
export const CONNECTIONS_PER_IP_MAX = 256;
/** New accounts from one IP. */
export const REGISTRATIONS_PER_IP_PER_HOUR = 60;
/** Logins with a password from one IP; a login by key costs nothing here. */
export const LOGIN_ATTEMPTS_PER_IP_PER_MINUTE = 60;
/** Places of one IP that CHECK_REACH looks at; what was found counts for REACH_KEPT_MS and costs nothing. */
export const REACH_CHECKS_PER_IP_PER_MINUTE = 60;
/** What CHECK_REACH found at a place is not asked again for this long. */
export const REACH_KEPT_MS = 5_000;
/** Places that wait for CHECK_REACH; one more is refused as busy. */
export const REACH_CHECKS_WAITING_MAX = 16;
/** Places of one IP that CHECK_REACH looks at, or that wait for it, at once. */
export const REACH_CHECKS_OF_ONE_IP_MAX = 2;
/** Open sessions of one tracker. */
export const SESSIONS_MAX = 16_384;
/** Share of the open sessions kept free for devices that are already known, in percent. */
export const SESSIONS_RESERVED_PERCENT = 10;
/** Addresses whose attempts are remembered by one tracker; the one quiet longest is forgotten first. */
export const ADDRESS_GROUPS_MAX = 65_536;
/** A session on one of those places that does not log in by then is closed. */
export const RESERVED_LOGIN_TIMEOUT_MS = 10_000;
/** TLS handshakes under way at once at one listener. */
export const HANDSHAKES_CONCURRENT_MAX = 256;
/** TLS handshakes that one turn of the event loop begins. */
export const HANDSHAKES_STARTED_AT_ONCE_MAX = 4;
/** Connections at one listener whose TLS handshake waits for its turn; the oldest makes room. */
export const HANDSHAKES_WAITING_MAX = 1_024;

// ---- passwords at rest (RFC 9106)
/** KiB of memory of one argon2id pass. */
export const ARGON2_MEMORY_KIB = 19_456;
/** Passes over that memory. */
export const ARGON2_PASSES = 2;
/** argon2id computations under way at once. */
export const ARGON2_CONCURRENT_MAX = 2;
/** argon2id computations waiting; one more is refused as busy. */
export const ARGON2_QUEUE_MAX = 512;

// ---- connecting (docs/protocol/peer.md)
/** Two links between the same devices count as dialled at once within this time. */
export const SIMULTANEOUS_DIAL_WINDOW_MS = 5_000;
/** An older link is given this long to answer a PING before a newer one replaces it. */
export const REPLACED_LINK_PING_MS = 2_000;
/** Of two links between the same devices, the side with the greater key leaves the spare one to the other for this long. */
export const SPARE_LINK_LINGER_MS = 15_000;
/** A dial that has not connected by then has failed. */
export const DIAL_TIMEOUT_MS = 10_000;
/** Where a tracker cannot say who encrypts, a program that may be plain is given this long to answer TLS first. */
export const TLS_TRIED_FIRST_MS = 3_000;
/** Addresses that one device tells. */
export const ADDRESSES_MAX = 4;
/** Bytes of one address record's signed text. */
export const ADDRESS_RECORD_BYTES_MAX = 768;
/** Address records in one message between peers. */
export const ADDRESS_RECORDS_PER_MESSAGE_MAX = 16;
/** Devices whose addresses a peer remembers; those heard of longest ago go first. */
export const ADDRESS_BOOK_DEVICES_MAX = 4_096;
/** Places of one device that are dialled in one attempt: those that it tells, one in our own network, and where it was reached last. */
export const DEVICE_PLACES_MAX = 6;
/** IP addresses of one device that are remembered as seen. */
export const DEVICE_SIGHTINGS_MAX = 8;
/** Devices whose places are kept for the next start; those linked with longest ago go first. */
export const ADDRESS_CACHE_DEVICES_MAX = 256;
/** What is kept of places is written this long after it changed, with whatever else changes until then. */
export const ADDRESS_CACHE_WRITE_AFTER_MS = 60_000;
/** Address records that one account may send us at once before they are passed over. */
export const ADDRESS_RECORDS_BURST = 128;
/** Each so often one more. */
export const ADDRESS_RECORDS_EVERY_MS = 500;
/** Dials to where one member alone says that it sees somebody. */
export const FORWARDED_DIALS_BURST = 32;
/** Each so often one more. */
export const FORWARDED_DIALS_EVERY_MS = 60_000;
/** Members whom a device tells of another one's new addresses. */
export const GOSSIP_FANOUT = 4;
/** It tells them after a random time of at most this long. */
export const GOSSIP_SPREAD_MS = 2_000;
/** A tracker is given this long to answer when the network has changed, or the machine has slept. */
export const TRACKER_ANSWER_MS = 3_000;
/** The next address of somebody is dialled this long after the one before, if that has not answered (RFC 8305 §5). */
export const HAPPY_EYEBALLS_DELAY_MS = 250;
/** Without a link by then, the tracker is asked to bring the two devices together. */
export const CALL_AFTER_MS = 300;
/** Without a link by then, counted from the first dial, the relay is used. */
export const RELAY_AFTER_MS = 1_000;
/** A call that has come to nothing by then is over, for the tracker and for both sides. */
export const CALL_TIMEOUT_MS = 10_000;
/** Both sides of a call try to open TCP to each other at once for this long. */
export const PUNCH_FOR_MS = 3_000;
/** Pause between two such attempts that were refused. */
export const PUNCH_RETRY_MS = 50;
/** Longest wait before both begin that a tracker may ask for. */
export const PUNCH_DELAY_MS_MAX = 2_000;
/** Calls of one session that are under way at once. */
export const CALLS_PENDING_MAX = 32;
/** Of the calls to one session that are under way, those of one account, whichever its devices. */
export const CALLS_OF_ONE_ACCOUNT_MAX = 4;
/** Of the calls to one session that are under way, those of accounts that share no room with it. */
export const CALLS_OF_STRANGERS_PENDING_MAX = 16;
/** Calls of others that one session answers at once. */
export const CALLS_ANSWERED_MAX = 16;
/** Of the calls that one session answers at once, those of strangers. */
export const CALLS_OF_STRANGERS_ANSWERED_MAX = 8;
/** Relayed links with strangers of which nobody here has any need that one peer keeps. */
export const STRANGERS_RELAYED_MAX = 16;
/** Calls of one device that are answered in a minute. */
export const CALLS_PER_DEVICE_PER_MINUTE_MAX = 12;
/** Calls of strangers that are answered in a minute, all of them together. */
export const CALLS_OF_STRANGERS_PER_MINUTE_MAX = 30;
/** Simultaneous opens that one peer has under way at once. */
export const PUNCHES_CONCURRENT_MAX = 8;
/** Links for which a better way is looked for at once. */
export const BETTER_PATHS_CONCURRENT_MAX = 4;
/** Ways that were tried, remembered of one attempt at one device. */
export const PATH_ATTEMPTS_KEPT_MAX = 24;
/** First wait before a better way than a relay is looked for again; it doubles each time. */
export const BETTER_PATH_FIRST_MS = 15_000;
/** Longest such wait. */
export const BETTER_PATH_LAST_MS = 600_000;
/** A link this old is replaced by a new one, for fresh keys. */
export const LINK_RENEWED_AFTER_MS = 43_200_000;
/** The addresses of this machine are looked at this often. */
export const NETWORK_LOOK_INTERVAL_MS = 2_000;
/** First ceiling of the random wait before reconnecting; it doubles each time. */
export const BACKOFF_FIRST_MS = 500;
/** Last ceiling of the random wait before reconnecting. */
export const BACKOFF_LAST_MS = 60_000;
/** A person who does not want to wait for that may have everything tried at once this often. */
export const RECONNECT_INTERVAL_MS = 5_000;
/** A connection that has lived this long resets the wait. */
export const BACKOFF_RESET_AFTER_MS = 60_000;
/** An account that can be used without a tracker is opened without one when none has let it in by then. */
export const TRACKER_WAITED_FOR_MS = 2_000;
/** Addresses of one tracker that a client is given. */
export const TRACKER_ADDRESSES_MAX = 8;
/** The next address of the tracker is dialled this long after the one before, if that has not answered. */
export const TRACKER_NEXT_ADDRESS_AFTER_MS = 1_000;
/** Without a tracker, those with whom one chats in private are dialled: this many, those who were seen last. */
export const PRIVATE_CONTACTS_DIALLED_MAX = 64;
/** That somebody cannot be reached is told this long after it began: the tracker may say first that they are offline. */
export const UNREACHABLE_TOLD_AFTER_MS = 6_000;
/** After a tracker came back, members have this long to come back to it before they are told to be offline. */
export const PRESENCE_SETTLE_MS = 10_000;
/** A link with somebody who shares no room and no private chat any more is kept this long. */
export const UNUSED_LINK_LINGER_MS = 5_000;
/** While a private message waits for somebody, the tracker is asked this often where they are. */
export const PRIVATE_LOOKUP_INTERVAL_MS = 15_000;
/** Links that one peer dials at once; others wait for their turn. */
export const DIALS_CONCURRENT_MAX = 8;
/** Links accepted by one peer whose HELLO has not come yet. */
export const HELLOS_PENDING_MAX = 64;
/** Connections to a peer that have not said a byte; the one that has been silent longest makes room. */
export const SILENT_CONNECTIONS_MAX = 256;
/** Links that one peer keeps with others. */
export const PEER_LINKS_MAX = 256;
/** Message ids remembered per link so that a repeated one is shown once. */
export const RECENT_MESSAGE_IDS_MAX = 4_096;
/** Authors whose message ids are remembered; the one silent for longest makes room. */
export const RECENT_AUTHORS_MAX = 4_096;
/** Messages of one conversation kept in memory for a screen. */
export const TIMELINE_MESSAGES_MAX = 1_000;
/** Bytes of text of one conversation kept in memory, as UTF-16; the oldest make room. */
export const TIMELINE_BYTES_MAX = 4_194_304;
/** Conversations kept in memory; the one silent for longest makes room. */
export const TIMELINES_MAX = 512;
/** Bytes of text of all conversations kept in memory, as UTF-16. */
export const TIMELINES_BYTES_MAX = 134_217_728;
/** Messages that wait for one member or for its confirmation. */
export const OUTBOX_MESSAGES_PER_MEMBER_MAX = 1_024;
/** Bytes of content that wait for one member or for its confirmation. */
export const OUTBOX_BYTES_PER_MEMBER_MAX = 1_048_576;
/** Members for whom messages wait. */
export const OUTBOX_MEMBERS_MAX = 1_024;
/** Messages kept aside from a name whose key changed, until the user decides. */
export const QUARANTINED_MESSAGES_MAX = 64;
/** Bytes of text kept aside in all, of all names whose key changed. */
export const QUARANTINED_BYTES_MAX = 4_194_304;
/** Messages kept from one link for rooms in which we do not see its account yet. */
export const EARLY_MESSAGES_MAX = 64;
/** Bytes of text of one link's early messages. */
export const EARLY_BYTES_MAX = 262_144;
/** Rooms whose members are fetched from the tracker at once. */
export const ROOM_FETCHES_CONCURRENT_MAX = 4;
/** Updates kept while a room's pages arrive; more of them start the fetch again. */
export const ROOM_UPDATES_PENDING_MAX = 64;
/** What a tracker tells before the session has begun to listen; one more ends the line. */
export const LINE_NEWS_KEPT_MAX = 1_024;

// ---- relays and tickets (docs/protocol/tracker.md)
/** Bytes of a ticket, behind the byte 0x50. */
export const TICKET_BYTES = 32;
/** A ticket is good for this long. */
export const TICKET_LIFETIME_MS = 30_000;
/** A ticket is read within this time of its first byte. */
export const TICKET_READ_TIMEOUT_MS = 10_000;
/** The second side of a relayed link comes within this time of the first. */
export const RELAY_MEET_TIMEOUT_MS = 10_000;
/** A relayed link on which nothing went for this long is closed. */
export const RELAY_IDLE_TIMEOUT_MS = 120_000;
/** Relayed links of one relay at once. */
export const RELAY_PAIRS_MAX = 2_048;
/** Relayed links of one account at once. */
export const RELAY_PAIRS_PER_ACCOUNT_MAX = 64;
/** Sides of relayed links from one IP at one relay, those that wait for the other side counted: a quarter of what it takes in all. */
export const RELAY_CONNECTIONS_PER_IP_MAX = 1_024;
/** Bytes a second that one account may send through a relay for long. What is over waits. */
export const RELAY_ACCOUNT_BYTES_PER_SECOND = 1_048_576;
/** Bytes that one account may send through a relay at once before that counts. */
export const RELAY_ACCOUNT_BURST_BYTES = 16_777_216;
/** Bytes a second that go through one relay in all. */
export const RELAY_TOTAL_BYTES_PER_SECOND = 33_554_432;
/** Accounts whose share a relay remembers; the one quiet longest is forgotten first. */
export const RELAY_ACCOUNTS_REMEMBERED_MAX = 16_384;
/** Tickets that a relay remembers as used, until they expire; of more than these the oldest is forgotten. */
export const RELAY_TICKETS_REMEMBERED_MAX = 65_536;
/** The clocks of a tracker and of a relay elsewhere may be this far apart. */
export const RELAY_CLOCK_SKEW_MS = 60_000;
/** Tickets of OBSERVE of one session that are good, or whose connection is open. */
export const OBSERVATIONS_PER_SESSION_MAX = 48;
/** Connections of OBSERVE that are open at one tracker. */
export const OBSERVATIONS_MAX = 4_096;
/** Of these, those from one IP. */
export const OBSERVATIONS_PER_IP_MAX = 512;
/** Addresses at which one session has been seen that are remembered, its own counted. */
export const SEEN_ADDRESSES_MAX = 8;

// ---- the local network (docs/protocol/lan.md)
/** A hint stands for a device this long; the one before and the one after are known as well, since clocks differ. */
export const LAN_HINT_WINDOW_MS = 600_000;
/** Bytes of a multicast DNS packet that is read. */
export const LAN_PACKET_BYTES_MAX = 1_500;
/** Questions and records of a multicast DNS packet that is read. */
export const LAN_RECORDS_MAX = 32;
/** Multicast DNS packets a second that are looked at for long. What is over is passed over. */
export const LAN_PACKETS_PER_SECOND = 256;
/** Such packets that may come at once before that counts. */
export const LAN_PACKETS_BURST = 512;
/** An announcement counts for this long, for other programs that keep them. */
export const LAN_RECORD_TTL_SECONDS = 120;
/** Least time between two answers with the same announcement. */
export const LAN_ANSWER_INTERVAL_MS = 1_000;
/** First wait before it is asked again who is there; each is three times the one before. */
export const LAN_ASK_FIRST_MS = 1_000;
/** Longest such wait. */
export const LAN_ASK_LAST_MS = 60_000;
/** Networks that this machine is in at once in which anything is announced. */
export const LAN_NETWORKS_MAX = 16;
/** Devices that are known again by their hint; of more than these, those that were named first. */
export const LAN_KNOWN_DEVICES_MAX = 8_192;
/** Places at which one device is seen in the local network within one window: anybody can repeat a hint. */
export const LAN_PLACES_PER_DEVICE_MAX = 4;
/** The same place of the same device is told again after this long at the earliest. */
export const LAN_SIGHTING_INTERVAL_MS = 10_000;
/** How long is looked for trackers before one is chosen or hosted. */
export const LAN_LOOK_MS = 800;
/** Trackers that one look finds. */
export const LAN_TRACKERS_MAX = 16;

// ---- port mappings (docs/decisions/0014-port-mapping.md)
/** How long a router is asked to keep a mapping; it is renewed after half of what it grants. */
export const PORT_MAPPING_LIFETIME_MS = 3_600_000;
/** A lifetime that a router grants is taken as at least this: nobody is asked more often than twice in it. */
export const PORT_MAPPING_LIFETIME_MIN_MS = 120_000;
/** All attempts to get a mapping from whichever router there is take this long together. */
export const PORT_MAPPING_TIMEOUT_MS = 6_000;
/** Taking a mapping back when a program ends takes this long at most. */
export const PORT_UNMAPPING_TIMEOUT_MS = 1_000;
/** First wait for a datagram's answer from a router; it doubles, three times in all. */
export const ROUTER_ANSWER_FIRST_MS = 250;
/** Bytes of what a router says that are read: a description, or an answer. */
export const ROUTER_ANSWER_BYTES_MAX = 65_536;
/** Machines that call themselves a router and are asked. */
export const ROUTERS_ASKED_MAX = 3;
/** Ports outside that are asked for in turn while others have them. */
export const PORT_MAPPING_TRIES_MAX = 4;

// ---- the log of a room (docs/protocol/room-log.md)
/** Bytes of one entry's header. */
export const ENTRY_HEADER_BYTES_MAX = 8_192;
/** Bytes of one entry's body, its salt counted. */
export const ENTRY_BODY_BYTES_MAX = 32_768;
/** Random bytes before the JSON of a body, so that its hash tells nothing once it is dropped. */
export const ENTRY_SALT_BYTES = 16;
/** Control heads that an entry names as what it was written under. */
export const ENTRY_AUTH_MAX = 32;
/** Entries of others that an entry names as seen. */
export const ENTRY_DEPS_MAX = 32;
/** Devices in one list of cuts. */
export const CUT_DEVICES_MAX = 64;
/** Headers of one branch in the proof of a fork. */
export const FORK_HEADERS_MAX = 16;
/** Characters of the base of a newcomer's history: 22 bytes for each of a thousand devices, as base64url. */
export const HISTORY_BASE_CHARS_MAX = 29_500;
/** Bytes of a room's topic. */
export const TOPIC_BYTES_MAX = 1_024;
/** Bytes of one reaction: an emoji with everything that belongs to it. */
export const REACTION_BYTES_MAX = 64;
/** Control entries of one room that a peer holds; it takes no more. */
export const CONTROL_ENTRIES_MAX = 65_536;
/** Control entries that a device may write while its account has never had a rank: joining, leaving, devices, merging. */
export const MEMBER_CONTROL_ENTRIES_MAX = 1_024;
/** Signed texts of each sort whose verification is remembered: statements, tickets, bindings, invite proofs. */
export const EVIDENCE_REMEMBERED_MAX = 2_048;
/** Sets of control heads of which one room remembers who was a member. */
export const MEMBERS_AT_REMEMBERED_MAX = 64;
/** Control heads above which a device merges them before it says something, so that what is said does not name them all. */
export const CONTROL_HEADS_MERGED_ABOVE = 4;
/** Devices whose chains one room may have. */
export const ROOM_DEVICES_MAX = 4_096;
/** Entries that one signature vouches for at most: an author signs at least this often. */
export const ENTRIES_PER_SIGNATURE_MAX = 256;
/** Entries in one frame. */
export const ENTRIES_PER_BATCH_MAX = 1_024;
/** Bytes of entries after which a sender begins another frame; one entry is never split. */
export const ENTRY_BATCH_BYTES = 65_536;
/** Entries of one chain that wait in memory for what comes before them, or for the signature that vouches for them. */
export const PENDING_ENTRIES_PER_CHAIN_MAX = 1_024;
/** Bytes of such entries of one chain. */
export const PENDING_BYTES_PER_CHAIN_MAX = 4_194_304;
/** Bytes of such entries of all chains of all rooms. */
export const PENDING_BYTES_MAX = 33_554_432;
/** Chains of one room of which something waits. */
export const PENDING_CHAINS_PER_ROOM_MAX = 1_024;
/** Different entries of one number that wait: which of them is the author's own is not known before a signature says it. */
export const PENDING_CANDIDATES_PER_NUMBER_MAX = 4;
/** Bytes of entries that one signature vouches for at most: an author signs at least this often. */
export const ENTRY_BYTES_PER_SIGNATURE_MAX = 1_048_576;
/** Signatures of one chain that turn out to be wrong before the rest of a batch waits for the next one. */
export const SIGNATURE_TRIES_PER_CHAIN_MAX = 8;
/** Where an entry stands at most that names what is before our own history: far above every honest room, far below the largest number. */
export const LAMPORT_BEFORE_HISTORY_MAX = 281_474_976_710_656;
/** How far above its place an entry is taken to rise yet, by whoever names it before all that comes before it is here. */
export const LAMPORT_RISE_MAX = 1_024;
/** Entries that one step of a room takes up at once, so that the main thread is free again soon. */
export const ENTRIES_PER_STEP_MAX = 2_048;
/** Entries of one room whose place is remembered without asking the store. */
export const KNOWN_ENTRIES_PER_ROOM_MAX = 4_096;
/** Entries that are named and not held, of one room, that are remembered without asking the store. */
export const MISSING_ENTRIES_REMEMBERED_MAX = 16_384;
/** Entries of one room that were read to be served and wait for the next request. */
export const SERVED_AHEAD_ENTRIES_MAX = 2_048;

// ---- bringing two logs together (docs/protocol/room-log.md §7)
/** Devices whose heads one message tells. */
export const SYNC_HEADS_PAGE_MAX = 256;
/** Ranges that one message asks for. */
export const SYNC_RANGES_MAX = 256;
/** Bytes of entries that a receiver has asked for and not stored yet, of one link; each room asks for its share. */
export const SYNC_CREDIT_BYTES = 1_048_576;
/** A request for heads or entries that brings nothing for this long is given up, and another link is asked. */
export const SYNC_ANSWER_TIMEOUT_MS = 15_000;
/** An answer that keeps bringing something is given up after this long all the same. */
export const SYNC_ANSWER_LONGEST_MS = 120_000;
/** Bytes of entries of one link that wait to be stored; above it the link is not read until half of it is done. */
export const SYNC_UNREAD_BYTES_MAX = 2_097_152;
/** Bytes of entries that are checked and stored in one go. */
export const SYNC_RECEIVE_BYTES = 524_288;
/** Bytes in a link's send queue above which entries are not pushed to it: our own go on from the log when the queue is short again, of others' it is told how far we are. */
export const SYNC_PUSH_QUEUE_BYTES_MAX = 262_144;
/** Own entries of one room that are kept in memory for links whose queue was full; those before them are read from the log again. */
export const SYNC_PUSH_BACKLOG_ENTRIES_MAX = 8_192;
/** Sync messages that one link may bring at once; what is over is passed over, since all of it is told again. */
export const SYNC_MESSAGES_BURST = 1_024;
/** Sync messages a second that a link regains. */
export const SYNC_MESSAGES_PER_SECOND = 256;
/** Time between two digests about a room to a link, if there is anything new. */
export const SYNC_DIGEST_INTERVAL_MS = 30_000;
/** Entries that came with something missing before them are given this long until that is asked for. */
export const SYNC_GAP_WAIT_MS = 200;
/** Links that are asked to pass on what a device writes that we have no link with. */
export const SYNC_CARRIERS_MAX = 2;
/** Rooms that one link synchronizes at once; the others wait for their turn. */
export const SYNC_ROOMS_AT_ONCE_MAX = 4;
/** First wait before entries that were not confirmed are offered again; it doubles each time. */
export const REOFFER_FIRST_MS = 1_000;
/** Longest such wait. */
export const REOFFER_LAST_MS = 300_000;
/** Least time between two STORED messages about one room to an author or to who sent; what changes meanwhile is told together. */
export const STORED_INTERVAL_MS = 50;
/** What was stored is told to the other links with members after this long, together; less than REOFFER_FIRST_MS. */
export const STORED_OTHERS_INTERVAL_MS = 500;
/** Least time between two receipts of this device about one room. */
export const RECEIPT_INTERVAL_MS = 1_000;
/** Bytes of one receipt's signed text. */
export const RECEIPT_BYTES_MAX = 32_768;
/** Devices in one receipt. */
export const RECEIPT_DEVICES_MAX = 256;
/** Members up to which everybody links to everybody online, and receipts are passed on. */
export const FULL_MESH_MEMBERS_MAX = 32;
/** Links that one peer keeps for one larger room. */
export const PARTIAL_MESH_LINKS = 8;
/** Neighbours are chosen anew within this time after the day changes. */
export const NEIGHBOURS_SPREAD_MS = 600_000;
/** A missing dependency delays showing an entry this long; then the gap is shown. */
export const DEPENDENCY_WAIT_MS = 2_000;

// ---- kept rooms on a device (docs/protocol/room-log.md §4.4)
/** Bytes of the secret in an invite's link: the seed of its one-time key. */
export const INVITE_SEED_BYTES = 32;
/** Characters of an invite's link. */
export const INVITE_LINK_CHARS_MAX = 2_048;
/** Days that an invite holds unless asked otherwise. */
export const INVITE_DAYS_DEFAULT = 7;
/** Days that an invite may hold. */
export const INVITE_DAYS_MAX = 365;
/** People that one invite may let in. */
export const INVITE_USES_MAX = 1_000;
/** Invites to one room that one device keeps, spent and expired ones not counted. */
export const INVITES_PER_ROOM_MAX = 64;
/** Invites of others that one device waits to be let in by. */
export const INVITES_AWAITED_MAX = 32;
/** While an inviter cannot be met, they are looked for this often. */
export const INVITE_RETRY_INTERVAL_MS = 15_000;
/** Admissions to one room that a tracker keeps until they are taken; another one beyond drops the oldest. */
export const ADMISSIONS_KEPT_MAX = 1_000;
/** Bodies that a room keeps no longer are looked for this often. */
export const RETENTION_LOOK_INTERVAL_MS = 3_600_000;
/** Entries of one kind about one message that are read of each device, the newest: of edits, deletes and reactions the last ones count. */
export const ABOUT_PER_AUTHOR_MAX = 64;
/** Devices that are heard about one message, each kind of what they say counted by itself. */
export const ABOUT_AUTHORS_MAX = 4_096;
/** Edits of one message by one device whose texts go with it when it is deleted, the newest. */
export const EDITS_TAKEN_BACK_MAX = 1_024;
/** Kinds of reaction that are shown at one message. */
export const REACTION_KINDS_SHOWN_MAX = 20;
/** Entries of one room that are told later because something before them may be about to come; more are told at once. */
export const ENTRIES_TOLD_LATER_MAX = 1_024;
/** Who finds a fork waits up to this long for each member before it tells the room: others have found it too. */
export const FORK_TELL_SPREAD_PER_MEMBER_MS = 100;
/** The longest such wait. */
export const FORK_TELL_SPREAD_MAX_MS = 60_000;
/** Own messages of one room of which it is told where they stand when that changes; older ones say so when they are looked at. */
export const DELIVERIES_FOLLOWED_MAX = 1_024;

// ---- private chats (docs/protocol/private-chats.md)
/** Characters (UTF-16 units) of a stranger's first message that is kept as a contact request. */
export const CONTACT_REQUEST_CHARS_MAX = 280;
/** Contact requests that wait for the user's answer; one more is refused. */
export const CONTACT_REQUESTS_PENDING_MAX = 32;
/** Contact requests that are taken within 24 hours. */
export const CONTACT_REQUESTS_PER_DAY_MAX = 64;
/** Messages under way over one link, not confirmed yet. */
export const PRIVATE_WINDOW_MESSAGES = 256;
/** Bytes of content of such messages, unless it is a single one. */
export const PRIVATE_WINDOW_BYTES = 262_144;
/** Devices of one account of which it is kept how far they have a chain: those that its statement lists, and two that it revoked and that had most. */
export const PRIVATE_PROGRESS_MAX = STATEMENT_DEVICES_MAX + 2;
/** Messages to one account that no device of it has confirmed. */
export const PRIVATE_OUTBOX_MESSAGES_MAX = 10_000;
/** Bytes of content of such messages. */
export const PRIVATE_OUTBOX_BYTES_MAX = 16_777_216;
/** Messages from one account that wait for the disk; more are asked for again. */
export const PRIVATE_PENDING_MESSAGES_MAX = 1_024;
/** Bytes of content of such messages. */
export const PRIVATE_PENDING_BYTES_MAX = 4_194_304;
/** Times a minute that one link may ask to go back in a chain. */
export const PRIVATE_WANTS_PER_MINUTE = 60;
/** Own messages whose changed standing is told at once, the newest ones. */
export const PRIVATE_TOLD_MAX = 256;

// ---- what a peer stores (docs/decisions/0012-history.md)
/** Commits that share one transaction, and so one disk sync. */
export const HISTORY_TRANSACTION_COMMITS_MAX = 1_024;
/** Changes that wait for the disk; one more fails as `storage_failed`. */
export const HISTORY_CHANGES_PENDING_MAX = 65_536;
/** When nothing has been written for this long, the writer does what can wait. */
export const HISTORY_IDLE_MS = 500;
/** Messages not in the word index above which it is brought up to date even while others are written; until then a search reads them. */
export const HISTORY_UNINDEXED_MAX = 16_384;
/** Bytes of a history up to which all of it is looked at when it is opened; in a larger one damage is found where it is met. */
export const HISTORY_WHOLE_CHECK_BYTES_MAX = 16_777_216;
/** Messages of one room that came since it was read, of which the unread are counted; more are as many. */
export const HISTORY_UNREAD_COUNT_MAX = 1_000;
/** Messages of one page of a conversation. */
export const HISTORY_PAGE_MAX = 200;
/** Results of one page of a search. */
export const SEARCH_RESULTS_MAX = 50;
/** Characters of a search. */
export const SEARCH_CHARS_MAX = 256;
/** Searches that wait for one under way. */
export const SEARCHES_WAITING_MAX = 16;

// ---- what a peer keeps (docs/protocol/identity.md)
/** Names whose keys one account remembers. The last met makes room, of those about whom the user has decided nothing. */
export const PINS_MAX = 10_000;
/** Bytes. The signed texts of all pins of an account; in their file escapes can double them. */
export const PINS_BYTES_MAX = 25_165_824;
/** Bytes of any one file of a profile that is read at all. */
export const PROFILE_FILE_BYTES_MAX = 67_108_864;
/** Devices whose last start is remembered in memory; those before are looked up. */
export const EPOCHS_REMEMBERED_MAX = 1_024;
/** Accounts of which it is kept in memory when they were last seen; of others it is looked up. */
export const LAST_SEEN_REMEMBERED_MAX = 1_024;
/** Problems with files that diagnostics remember. */
export const PROBLEMS_KEPT_MAX = 32;

/** Conversations of one account of which is kept what is told of them; those that tell everything are none of them. */
export const NOTIFY_LEVELS_MAX = 1_024;
/** People whom one account ignores. */
export const IGNORED_PEOPLE_MAX = 1_024;
/** Words that mean this user besides the own name. */
export const HIGHLIGHT_WORDS_MAX = 64;
/** Characters (UTF-16 units) of one such word. */
export const HIGHLIGHT_WORD_CHARS_MAX = 64;
/** Bytes of what somebody says of being away. */
export const AWAY_TEXT_BYTES_MAX = 512;
/** Changes of one account's status that are told at once before the last of them is told a little later. */
export const STATUS_BURST = 4;
/** Each so often one more. */
export const STATUS_EVERY_MS = 5_000;

// ---- backups (docs/protocol/backup.md)
/** KiB of memory for the key of a backup that we write (argon2id, RFC 9106 §4). */
export const BACKUP_ARGON2_MEMORY_KIB = 65_536;
/** Passes over that memory. */
export const BACKUP_ARGON2_PASSES = 3;
/** KiB of memory that a backup may ask for to be read. */
export const BACKUP_ARGON2_MEMORY_KIB_MAX = 262_144;
/** Passes that a backup may ask for to be read. */
export const BACKUP_ARGON2_PASSES_MAX = 16;
/** Bytes of content sealed together in a backup, and of one piece of a part. */
export const BACKUP_CHUNK_BYTES = 65_536;
/** Parts of one backup. */
export const BACKUP_PARTS_MAX = 64;
/** Characters of a part's name. */
export const BACKUP_PART_NAME_CHARS_MAX = 64;

// ---- a tracker's store (docs/operate.md)
/** Writes that share one transaction, and so one disk sync. */
export const STORE_TRANSACTION_CALLS_MAX = 256;
/** Writes that wait for the disk; one more fails as `storage_failed`. */
export const STORE_CALLS_PENDING_MAX = 65_536;
/** Bytes of one JSON file of a store or of an original tracker that are read at all. */
export const STORE_FILE_BYTES_MAX = 67_108_864;

// ---- what a tracker keeps in memory (docs/operate.md)
/** Roots of accounts that a tracker remembers besides those online. */
export const ACCOUNTS_REMEMBERED_MAX = 32_768;
/** Plain rooms remembered as lately active, of which a seed client's list shows what fits. */
export const PLAIN_ROOMS_REMEMBERED_MAX = 128;
/** Users online that are looked at for a seed client's list, of which it shows what fits. */
export const PEERS_READ_FOR_SEED_MAX = 128;
/** A draining tracker waits this long for commands under way and for last words to be written. */
export const DRAIN_TIMEOUT_MS = 5_000;

// ---- screens
/** Lines of one message that a line screen shows; the rest is counted. */
export const SHOWN_MESSAGE_LINES_MAX = 50;
/** Messages, notices and answers of one conversation that a screen of tabs goes back to when it holds twice as many. */
export const TIMELINE_ITEMS_MAX = 600;
/** Of one conversation at most, while it is scrolled back; what is said meanwhile is loaded when one returns. */
export const TIMELINE_SCROLLED_ITEMS_MAX = 2_400;
/** Messages that a screen of tabs reads from disk at a time. */
export const TIMELINE_PAGE_MESSAGES = 100;
/** Tabs whose messages are in memory; of the others only what is unread is counted. */
export const TIMELINES_LOADED_MAX = 16;
/** Tabs of a screen; the conversations beyond are opened when something is said there, or by name. */
export const TABS_MAX = 256;
/** What was looked at for so long, down to the newest, counts as read; what was not looked at for so long, as unread. */
export const READ_NOTED_AFTER_MS = 1_000;
/** Own messages whose state a screen follows. */
export const OWN_MESSAGES_REMEMBERED_MAX = 256;
/** Earlier messages shown when a conversation is opened. */
export const EARLIER_MESSAGES_SHOWN = 20;
/** Names in the line that says who is online. */
export const ONLINE_NAMES_SHOWN_MAX = 20;
/** Pages of a listing that are written at once where nobody can ask for the next one. */
export const LISTED_PAGES_UNASKED_MAX = 10;
/** Characters (UTF-16 units) of one line typed or piped in; what is longer is not sent. */
export const INPUT_LINE_CHARS_MAX = 32_768;
/** Lines typed before that can be called back, in one conversation. */
export const INPUT_HISTORY_MAX = 200;
/** Keys (UTF-16 units) typed ahead while nothing was asked. */
export const INPUT_AHEAD_CHARS_MAX = 65_536;
/** An answer that takes longer is waited for with a word. */
export const SLOW_ANSWER_NOTICE_MS = 1_000;
/** Rows of the terminal that a long line being typed may take. */
export const INPUT_ROWS_MAX = 8;
/** A full screen is drawn anew at most once in this time, apart from what is typed, which shows at once. */
export const FRAME_MS = 33;
/** Frames drawn one right after the other before the screen takes it that much is being said. */
export const FRAMES_BEFORE_BUSY = 30;
/** The same while much is being said: nobody reads faster, and each frame costs. What is typed is drawn at once all the same. */
export const FRAME_BUSY_MS = 100;
/** Behind Esc alone this long nothing comes that belongs to it; over a slow line the bytes of one key may come apart. */
export const ESCAPE_TIMEOUT_MS = 100;
/** A panel that comes up by itself takes no letter and no Enter before the typing in which it came has paused this long. */
export const TYPING_PAUSE_MS = 1_000;
/** Characters of one control sequence from a terminal that are looked at; what is longer is no key. */
export const KEY_SEQUENCE_CHARS_MAX = 64;
/** Keys that a key file may bind. */
export const KEY_BINDINGS_MAX = 512;
/** Changes of a line being typed that can be undone. */
export const UNDO_STEPS_MAX = 100;
/** Characters typed in a row that are undone together, as readline has it. */
export const UNDO_TYPED_CHARS_MAX = 20;
/** Parts cut out of lines that can be put back. */
export const KILLS_KEPT_MAX = 16;
/** A pasted line that is longer (UTF-16 units) is asked about, as one of several lines is. */
export const PASTE_ASK_CHARS = 1_000;
/** Clusters of characters whose width on this terminal a screen remembers. */
export const CLUSTER_WIDTHS_REMEMBERED_MAX = 8_192;
/** A terminal that has not said by then how wide its characters are is taken to count as the tables do. */
export const WIDTH_PROBE_TIMEOUT_MS = 3_000;
/** Characters of an address that a terminal is told to open on a click. */
export const LINK_CHARS_MAX = 2_048;
/** The bell rings, and the desktop is told, at most once in this time. */
export const ALERT_INTERVAL_MS = 500;
/** And at most so often in a minute. */
export const ALERTS_PER_MINUTE_MAX = 12;
/** Characters (code points) of what the desktop is told. */
export const ALERT_TEXT_CHARS_MAX = 120;
/** Rows of a list to choose from that are there at once; what is typed finds the others. */
export const LIST_PANEL_ROWS_MAX = 200;
/** Proposals for what is being typed, and names of a folder that are looked at for them. */
export const COMPLETIONS_MAX = 256;

// ---- examining this computer (docs/doctor.md)
/** One question of `papo doctor` to the network waits this long for its answer. */
export const DOCTOR_STEP_TIMEOUT_MS = 3_000;
/** What the network has not answered by then `papo doctor` reports as not looked at. */
export const DOCTOR_TOTAL_MS = 8_500;
/** What is announced in the local network is heard there within this time, or not at all. */
export const DOCTOR_LAN_MS = 2_500;
/** A clock that differs by more from the tracker's is worth a warning. */
export const DOCTOR_CLOCK_OFF_MS = 120_000;
/** A clock that differs by more from the tracker's is wrong. */
export const DOCTOR_CLOCK_WRONG_MS = 86_400_000;
/** A round trip to the tracker that takes longer is slow. */
export const DOCTOR_SLOW_ROUND_TRIP_MS = 1_000;
/** A small write that is on disk after a longer time than this is slow. */
export const DOCTOR_SLOW_WRITE_MS = 1_000;
/** Less free space than this is little. */
export const DOCTOR_DISK_LITTLE_BYTES = 536_870_912;
/** Less free space than this counts as none. */
export const DOCTOR_DISK_FULL_BYTES = 33_554_432;
/** Bytes of histories that `papo doctor` reads through; a file for which it does not suffice is only opened. */
export const DOCTOR_HISTORY_BYTES_MAX = 67_108_864;

// ---- other programs of this user (docs/socket.md)
/** Bytes of one request on the local socket: a message of the largest size with every character escaped. */
export const API_REQUEST_BYTES_MAX = 256 * 1024;
/** Bytes of one answer on the local socket that its reader takes: a page of history of the largest messages, escaped. */
export const API_ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** Characters (UTF-16 units) that a program at the local socket may leave unread; with more waiting it is cut off. Those who wait for the same event share it. */
export const API_BACKLOG_CHARS_MAX = 64 * 1024 * 1024;
/** While a program at the local socket leaves more than this unread, in characters, it is asked for no further request. */
export const API_ANSWERS_UNREAD_CHARS_MAX = 8 * 1024 * 1024;
/** Programs at one local socket at once. */
export const API_CLIENTS_MAX = 32;
/** Requests of one such program that are being answered at once; the next ones wait in its own writes. */
export const API_REQUESTS_AHEAD_MAX = 64;
/** `papo send` waits this long for somebody to have the message, when no Papo runs that goes on trying. */
export const SEND_WAIT_MS = 10_000;
/** Earlier messages that `papo tail` begins with. */
export const TAIL_LINES_DEFAULT = 10;
/** Characters that wait for whoever reads what `papo tail` prints; with more it ends, because a line must not be left out in silence. */
export const TAIL_UNREAD_CHARS_MAX = 64 * 1024 * 1024;
/** Told to stop, `papo tail` leaves this much time to somebody who has not read all of it. */
export const TAIL_LAST_WORDS_MS = 1_000;
