/**
 * What may stand in place of `line.slice(from, to)`, the best first (people by who spoke last). `help` says more about one: a command's usage, an emoji's name.
 */
export type Completion = {
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly { readonly text: string; readonly help: string }[];
};
