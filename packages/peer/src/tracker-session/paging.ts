import { PAGE_ITEMS_MAX } from "@papo/protocol";

/** One page of a list that came whole, by name, as one of our trackers would give it. */
export function pageOf<T, N extends string>(
  items: readonly T[],
  nameOf: (item: T) => N,
  page: { readonly query?: string; readonly after?: N },
): { readonly items: readonly T[]; readonly next: N | null } {
  const { after, query = "" } = page;
  const wanted = query.toLowerCase();
  const matching = items
    .filter((item) => nameOf(item).toLowerCase().includes(wanted) && (after === undefined || nameOf(item) > after))
    .toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  const shown = matching.slice(0, PAGE_ITEMS_MAX);
  const last = shown.at(-1);
  return { items: shown, next: matching.length > shown.length && last !== undefined ? nameOf(last) : null };
}
