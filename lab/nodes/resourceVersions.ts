/** Versions of a node's COSI resources: a version grows when the spec changes. */
export class ResourceVersions {
  private readonly known = new Map<string, { version: number; updated: Date; spec: Buffer }>();

  of(key: string, spec: Buffer): { version: number; updated: Date } {
    const last = this.known.get(key);
    if (last?.spec.equals(spec)) {
      return last;
    }
    const next = { version: (last?.version ?? 0) + 1, updated: new Date(), spec };
    this.known.set(key, next);
    return next;
  }
}
