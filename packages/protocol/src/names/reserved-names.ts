import { skeletonOf } from "./skeleton.ts";

/**
 * Who speaks for the program or with authority, in both languages. Reserved as a whole name or as one of its words
 * (`ana-admin`), with digits around it, and with whatever looks like it.
 */
const AUTHORITIES = listed(`
  admin admins administrador administradora administrator adm sysadmin sysop root moderador moderadora
  moderator moderacao moderation suporte support equipe staff sistema system servidor server tracker
  oficial official seguranca security webmaster postmaster hostmaster superuser operador operator
`);

/** Reserved as a whole name only, with digits around it and with whatever looks like it. */
const OWN_NAMES = listed(`papo batepapo papobot`);

/**
 * Words that the screens use in the place of a name, and words that careless programs take for something else. Only
 * these very words, whatever their case and accents: `Ali` is somebody's name and no attempt at `all`.
 */
const WORDS = listed(`
  voce eu you me mim myself todos todas everyone everybody all aqui here canal channel sala room
  ninguem nobody alguem somebody someone desconhecido unknown anonimo anonymous aviso notice alerta
  alert warning erro error info ajuda help mod privado private null nil none undefined nan true false
`);

/** What every object of JavaScript answers to. Refused as a name even where nothing is indexed by it. */
const OBJECT_MEMBERS: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), "prototype"]);

const SEPARATORS = /[_\-.]+/v;
const ALL_SEPARATORS = /[_\-.]+/gv;
const OUTER_DIGITS = /^\p{Nd}+|\p{Nd}+$/gv;
const MARKS = /\p{M}+/gv;

const RESERVED_WORDS = new Set<string>([...WORDS, ...[...OBJECT_MEMBERS].map((name) => name.toLowerCase())]);

function listed(words: string): readonly string[] {
  return words.trim().split(/\s+/v);
}

/** True for names that read as the voice of the program or of an authority. */
export function isReservedUsername(name: string): boolean {
  if (isObjectMember(name) || RESERVED_WORDS.has(plainOf(name))) return true;

  const { wholeNames, words } = skeletons();
  const isWholeName = looksOf(name).some((look) => wholeNames.has(look));
  return (
    isWholeName ||
    name
      .split(SEPARATORS)
      .flatMap(looksOf)
      .some((look) => words.has(look))
  );
}

/** True for `__proto__`, `constructor`, `toString` and their like. */
export function isObjectMember(name: string): boolean {
  return OBJECT_MEMBERS.has(name);
}

/** What a name looks like without accents and separators (`p.a.p.o`, `pápo`), and without digits around it (`papo1`). */
function looksOf(name: string): readonly string[] {
  const letters = plainOf(name);
  return [skeletonOf(letters), skeletonOf(letters.replace(OUTER_DIGITS, ""))];
}

function plainOf(name: string): string {
  return name.normalize("NFD").replace(MARKS, "").replace(ALL_SEPARATORS, "").toLowerCase();
}

type Skeletons = { readonly wholeNames: ReadonlySet<string>; readonly words: ReadonlySet<string> };
let known: Skeletons | undefined;

/** Computed when first asked for: a program that registers nobody need not wait for it. */
function skeletons(): Skeletons {
  if (known !== undefined) return known;
  const words = AUTHORITIES.map(skeletonOf);
  known = { words: new Set(words), wholeNames: new Set([...words, ...OWN_NAMES.map(skeletonOf)]) };
  return known;
}
