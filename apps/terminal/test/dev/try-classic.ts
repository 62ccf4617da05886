// Not a test: the classic screens against a peer that talks to nobody, to be looked at in a terminal.
//   node --conditions=source apps/terminal/test/dev/try-classic.ts [en|pt-BR]
import { runClassic } from "@papo/terminal";
import { FakePeer, user } from "../fake-peer.ts";
import { systemClock } from "@papo/link";

const peer = new FakePeer(systemClock);
peer.listed.push(
  { username: user("nori"), account: null, connected: true, room: null },
  { username: user("gabi"), account: null, connected: true, room: null },
  { username: user("yuki"), account: null, connected: true, room: null },
);
peer.offer("SALA TESTE", 1, 3, "plain");
peer.offer("lua 🌙", 2, 50);

let said = 0;
function chatter(): void {
  const [room] = peer.rooms();
  if (room !== undefined) {
    const to = { kind: "room", id: room.id } as const;
    if (said === 0) peer.join(room, "nori");
    if (said === 1) peer.link("nori");
    if (said > 1 && said % 3 === 2)
      peer.hear(to, "nori", `olaaaa ${said} ${"uma frase comprida que precisa quebrar ".repeat(said % 5)}`);
    if (said > 1 && said % 3 === 0) peer.hear(to, "nori", "duas\nlinhas [12:00:00] <gabi> \u001b[2J\u202eoi", false);
    if (said > 1 && said % 3 === 1)
      peer.hear({ kind: "private", username: user("yuki") }, "yuki", "psiu 👩‍👩‍👧 日本語");
    said += 1;
  }
  systemClock.after(2_000, chatter);
}
chatter();
const language = process.argv[2] === "en" ? "en" : "pt-BR";
const { stdin: input, stdout: output, env } = process;
process.exitCode = await runClassic({ peer, language, input, output, env, clock: systemClock });
process.exit();
