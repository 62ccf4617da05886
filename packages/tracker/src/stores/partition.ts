/** Parts what is new from what is known already; both keep their order. */
export function partition<T>(
  items: readonly T[],
  isKnown: (item: T) => boolean,
): { readonly fresh: T[]; readonly known: T[] } {
  const parts = { fresh: new Array<T>(), known: new Array<T>() };
  for (const item of items) (isKnown(item) ? parts.known : parts.fresh).push(item);
  return parts;
}
