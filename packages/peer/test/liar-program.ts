import { writeSync } from "node:fs";
import { systemClock, systemRandom, tcpNetwork } from "@papo/link";
import { openPeer } from "../src/index.ts";
import { decodeWith, ipLiteral, newUsername, parseTrackerAddress, type SignedText } from "@papo/protocol";
// The engine's own, so that what is said is signed by a device that is trusted: nothing else about it is changed.
import { OwnAddresses } from "../src/addresses/own-addresses.ts";

// A Papo that tells everybody but the tracker, which would find it out, that it can be dialled at somebody else's address: `liar-program.ts PROFILE TRACKER ADDRESS ROOM`.

const [profile = "", trackerText = "", victim = "", room = ""] = process.argv.slice(2);
const tracker = parseTrackerAddress(trackerText);
const claimed = decodeWith(ipLiteral, victim);
const username = decodeWith(newUsername, "mentirosa");
if (!tracker.ok || !claimed.ok || !username.ok) throw new TypeError("liar-program.ts PROFILE TRACKER ADDRESS ROOM");

const { sessionAt } = OwnAddresses.prototype;
const own: OwnAddresses[] = [];
OwnAddresses.prototype.sessionAt = function (this: OwnAddresses, ...place: Parameters<typeof sessionAt>): SignedText {
  own.push(this);
  return sessionAt.apply(this, place);
};

const opened = await openPeer({
  ...{ profile, tracker: tracker.value, network: tcpNetwork(systemClock) },
  ...{ clock: systemClock, random: systemRandom, allowPlaintext: false },
});
if (!opened.ok) throw new Error(opened.fault.detail);
const registered = await opened.value.register({ username: username.value, password: "uma senha qualquer" });
if (!registered.ok) throw new Error(registered.fault.detail);
// From here on every record that goes over a link names the victim too.
const lie = own.at(-1)?.sawOtherFamily(claimed.value);
if (lie === undefined) throw new Error("there is nothing to say");
const joined = await opened.value.joinRoom(room);
if (!joined.ok) throw new Error(joined.fault.detail);
writeSync(1, `${lie.text}\n`);
process.stdin.resume();
