/** Something that may stand only once, and where it stands. */
export interface Owned {
  readonly key: string;
  readonly propertyPath: string;
}

/** Each owner that comes after another one of the same key, with that first one. */
export function* duplicates<T extends Owned>(
  owners: Iterable<T>,
): Iterable<{ readonly earlier: T; readonly later: T }> {
  const first = new Map<string, T>();
  for (const owner of owners) {
    const earlier = first.get(owner.key);
    if (earlier) yield { earlier, later: owner };
    else first.set(owner.key, owner);
  }
}
