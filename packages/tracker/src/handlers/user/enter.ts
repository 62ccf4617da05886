import { type DeviceKey, type Fault, type Outcome, fail, succeed } from "@papo/protocol";
import type { Answers, CommandOf } from "../../commands.ts";
import type { Caller, Domain } from "../../domain.ts";
import type { Admitted, Credentials } from "../../services/accounts.ts";

type Entering = {
  readonly command: CommandOf<"LOGIN"> | CommandOf<"REGISTER">;
  readonly caller: Caller;
  readonly domain: Domain;
};

/** What the session itself adds to a REGISTER or LOGIN: the key of its channel, and whether the addresses are ones that it may tell. */
export function offeredBy(
  { channelKey, whereabouts }: Caller,
  { addresses }: Entering["command"],
): Pick<Credentials, "channelKey" | "objection"> {
  const objection = (device: DeviceKey): Fault | undefined => {
    const checked = addresses === null ? undefined : whereabouts.checkNewer(addresses, device);
    return checked?.ok === false ? checked.fault : undefined;
  };
  return { channelKey, objection };
}

/** The rest of REGISTER and LOGIN: the session is online, and is told its rooms and its name's binding. */
export async function enter(
  { username, account, offered }: Admitted,
  { command, caller, domain }: Entering,
): Promise<Outcome<Answers["LOGIN"]>> {
  takeAddresses(command, caller, offered);
  const session = caller.present({
    username,
    account,
    device: offered?.device.device ?? null,
    tls: offered?.device.tls ?? null,
    port: command.port,
    plaintext: command.plaintext,
  });
  const arrival = await domain.attendance.arrive(session, caller.isOpen);
  if (arrival === "closed") return fail("closed", "an open session");
  if (arrival === "outdated") return fail("invalid_credentials", "the account's present root");

  domain.log.event({ kind: "logged_in", username });
  const rooms = [...(domain.presence.get(username)?.rooms.values() ?? [])];
  return succeed({
    username,
    binding: account === null ? null : domain.bind(username, account),
    rooms: rooms.map(({ room }) => ({ id: room.id, name: room.name })),
  });
}

function takeAddresses(
  { addresses }: Entering["command"],
  { whereabouts }: Caller,
  offered: Admitted["offered"],
): void {
  if (addresses === null || offered === undefined) return;
  const checked = whereabouts.checkNewer(addresses, offered.device.device);
  if (checked.ok) whereabouts.take(checked.value);
}
