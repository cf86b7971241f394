/**
 * Whether a configuration of this contract is at least that of Talos `1.<minor>`.
 *
 * @param configContract `v1.13` or `1.13`, a patch version ignored
 * @throws Error when it is not of that form.
 */
export function contractAtLeast(configContract: string, minor: number): boolean {
  const match = /^v?(\d+)\.(\d+)(\.|$)/.exec(configContract);
  if (!match) throw new Error(`"${configContract}" is no Talos version such as v1.13`);
  const major = Number(match[1]);
  return major > 1 || (major === 1 && Number(match[2]) >= minor);
}
