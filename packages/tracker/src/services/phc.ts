export type Argon2Cost = { readonly memoryKib: number; readonly passes: number };
export type PhcText = Argon2Cost & { readonly salt: Uint8Array; readonly tag: Uint8Array };

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=1\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43})$/u;

/** The usual text form of an argon2id tag with its parameters (PHC string format). */
export function formatPhc({ memoryKib, passes, salt, tag }: PhcText): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=1$${base64(salt)}$${base64(tag)}`;
}

/** Undefined when it is not one of ours: then no password is right. */
export function parsePhc(text: string): PhcText | undefined {
  const [, memory, passes, salt, tag] = PHC.exec(text) ?? [];
  if (memory === undefined || passes === undefined || salt === undefined || tag === undefined) return undefined;
  return {
    memoryKib: Number(memory),
    passes: Number(passes),
    salt: Buffer.from(salt, "base64"),
    tag: Buffer.from(tag, "base64"),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/u, "");
}
