/** The minor of a version of Cilium, `20` of `1.20.0`. */
export function minorNumber(version: string): number {
  return Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? Number.NaN);
}
