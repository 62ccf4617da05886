/**
 * Makes a value anew when one of the parts that it is made of is another, and hands out the same one otherwise: what has not changed between two frames is
 * neither laid out nor painted again. Parts are compared by identity.
 */
export function remembering<Parts extends object, Made>(make: (parts: Parts) => Made): (parts: Parts) => Made {
  let last: { readonly parts: Parts; readonly made: Made } | undefined;
  return (parts) => {
    if (last === undefined || !hasSameParts(last.parts, parts)) last = { parts, made: make(parts) };
    return last.made;
  };
}

function hasSameParts<Parts extends object>(one: Parts, other: Parts): boolean {
  for (const name in other) if (!Object.is(one[name], other[name])) return false;
  return true;
}
