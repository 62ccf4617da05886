/** Something a person should hear about an import. The names come from the files: through `safeText` before they are shown. */
export type ImportNote = {
  readonly kind: /** Left out: a name that cannot be one (`__proto__`, too long, broken text), or a value of another shape. */
    | "unusable_entry"
    /** Taken in, and the name stays taken, but what stands there is no hash: nobody can log in. */
    | "unusable_password"
    /** Taken in beside another name that looks the same; each logs in by its exact name. */
    | "look_alike"
    /** The file names no owner any more: the first member that it names has become the owner. */
    | "owner_replaced"
    /** Left out: a room that names nobody, or whose owner has no account. */
    | "room_without_owner"
    /** Left out of a room: a member without an account. */
    | "unknown_member";
  readonly names: readonly string[];
};

/** Collects names by kind; what nobody was noted under is not told. */
export class ImportNotes {
  readonly #namesByKind = new Map<ImportNote["kind"], string[]>();

  add(kind: ImportNote["kind"], name: string): void {
    const names = this.#namesByKind.get(kind) ?? [];
    names.push(name);
    this.#namesByKind.set(kind, names);
  }

  list(): readonly ImportNote[] {
    return [...this.#namesByKind].map(([kind, names]) => ({ kind, names }));
  }
}
