// Where a timeline is being read. Pure: it knows items by their keys and heights, and measures only those near the screen.

/** A stretch of items, oldest first, as one width of screen has them. */
export interface Measured {
  readonly count: number;
  /** Its last item is the newest there is. */
  readonly isAtNewest: boolean;
  keyOf(index: number): string;
  /** At least 1. */
  rowsOf(index: number): number;
  /** Something that somebody said, of which a reader further up wants to hear. */
  isNews(index: number): boolean;
}

/**
 * `end`: what is new comes up from below. `held`: what was looked at stays where it is, whatever comes and goes around it: the items that were on the screen,
 * with the row of each (negative: it begins above), the most trusted first. `newestKey`: the last item when the reader went up.
 */
export type Scroll =
  | { readonly kind: "end" }
  | { readonly kind: "held"; readonly anchors: readonly Anchor[]; readonly newestKey: string };

type Anchor = { readonly key: string; readonly row: number };

/** What fills the rows of the area: from the row `skip` of the item `first` on, below `blank` empty rows. */
export type View = {
  readonly first: number;
  readonly skip: number;
  readonly blank: number;
  /** The last row of the last item is shown. */
  readonly isAtEnd: boolean;
};

export const AT_END: Scroll = { kind: "end" };

export function viewAt(items: Measured, height: number, scroll: Scroll): View {
  if (scroll.kind === "end") return endView(items, height);
  const anchor = scroll.anchors.find(({ key }) => indexOf(items, key) !== -1);
  if (anchor === undefined) return endView(items, height);
  return viewWith(items, height, indexOf(items, anchor.key), anchor.row);
}

/** The same rows, whatever changes around them. Nothing is held where the newest is on the screen. */
export function held(items: Measured, height: number, view: View, newestKey: string): Scroll {
  if (items.count === 0 || (view.isAtEnd && items.isAtNewest)) return AT_END;
  const anchors: Anchor[] = [];
  let row = view.blank - view.skip;
  for (let index = view.first; index < items.count && row < height; index += 1) {
    anchors.push({ key: items.keyOf(index), row });
    row += items.rowsOf(index);
  }
  // What begins above may grow unseen: it is the last to be trusted.
  return {
    kind: "held",
    anchors: anchors.toSorted((one, other) => Number(one.row < 0) - Number(other.row < 0)),
    newestKey,
  };
}

/** Up by `rows`, down where negative. */
export function scrolledUp(items: Measured, height: number, scroll: Scroll, rows: number): Scroll {
  if (items.count === 0) return AT_END;
  const { first, skip, blank } = viewAt(items, height, scroll);
  const moved = viewWith(items, height, first, blank - skip + rows);
  return held(items, height, moved, newestKeyOf(items, scroll));
}

/** The first row that there is, at the top. */
export function scrolledToStart(items: Measured, height: number, scroll: Scroll): Scroll {
  if (items.count === 0) return AT_END;
  return held(items, height, viewWith(items, height, 0, 0), newestKeyOf(items, scroll));
}

/** That item in the middle; at the end where both it and the newest have room. */
export function centredOn(items: Measured, height: number, key: string): Scroll {
  const index = indexOf(items, key);
  if (index === -1) return AT_END;
  const row = Math.max(0, Math.floor((height - items.rowsOf(index)) / 2));
  return held(items, height, viewWith(items, height, index, row), newestKeyOf(items, AT_END));
}

/** Rows above the view, counted up to `wanted`. */
export function rowsAbove(items: Measured, view: View, wanted: number): number {
  let rows = view.skip;
  for (let index = view.first - 1; index >= 0 && rows < wanted; index -= 1) rows += items.rowsOf(index);
  return Math.min(rows, wanted);
}

/** What was said since the reader went up. */
export function newsBelow(items: Measured, scroll: Scroll): number {
  if (scroll.kind === "end") return 0;
  let news = 0;
  for (let index = items.count - 1; index >= 0 && items.keyOf(index) !== scroll.newestKey; index -= 1) {
    if (items.isNews(index)) news += 1;
  }
  return news;
}

function newestKeyOf(items: Measured, scroll: Scroll): string {
  return scroll.kind === "held" ? scroll.newestKey : items.keyOf(items.count - 1);
}

function endView(items: Measured, height: number): View {
  let first = items.count;
  let rows = 0;
  while (first > 0 && rows < height) {
    first -= 1;
    rows += items.rowsOf(first);
  }
  return { first, skip: Math.max(0, rows - height), blank: Math.max(0, height - rows), isAtEnd: true };
}

/** With the item beginning in that row of the area, as far as there is something above and below to fill it. */
function viewWith(items: Measured, height: number, index: number, row: number): View {
  let first = index;
  let top = row;
  while (top > 0 && first > 0) {
    first -= 1;
    top -= items.rowsOf(first);
  }
  top = Math.min(0, top);
  while (first < items.count - 1 && top + items.rowsOf(first) <= 0) {
    top += items.rowsOf(first);
    first += 1;
  }
  let bottom = top;
  for (let below = first; below < items.count && bottom <= height; below += 1) bottom += items.rowsOf(below);
  if (bottom <= height) return endView(items, height);
  return { first, skip: Math.abs(top), blank: 0, isAtEnd: false };
}

/** Usually near the end, where the search begins. */
function indexOf(items: Measured, key: string): number {
  for (let index = items.count - 1; index >= 0; index -= 1) if (items.keyOf(index) === key) return index;
  return -1;
}
