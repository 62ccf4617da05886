import * as v from "valibot";

/**
 * An object keyed by what others chose, as a `Map`: a key such as `constructor` is only a string here. The scanner has
 * already refused `__proto__` and repeated keys.
 */
export function entriesOf<S extends v.GenericSchema>(valueSchema: S, keysMax: number) {
  return v.pipe(
    v.custom<Record<string, unknown>>(
      (input) => typeof input === "object" && input !== null && !Array.isArray(input),
      "object",
    ),
    v.transform((object) => Object.entries(object)),
    v.maxLength(keysMax),
    v.array(v.tuple([v.string(), valueSchema])),
    v.transform((entries) => new Map(entries)),
  );
}
