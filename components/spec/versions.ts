/** Numbers of a version; a pre-release keeps its text. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly prerelease: string;
}

const VERSION =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** A version of three numbers, with or without a leading v, or undefined when the text is none. */
export function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text.replace(/^v/, ""));
  if (!match) return undefined;
  return {
    major: Number(match[1]),
    minor: Number(match[2]),
    patch: Number(match[3]),
    prerelease: match[4] ?? "",
  };
}

/** The minor of a config contract, `v1.13` → 13, or undefined when the text is none. */
export function contractMinor(configContract: string): number | undefined {
  const match = /^v1\.(0|[1-9]\d*)$/.exec(configContract);
  return match ? Number(match[1]) : undefined;
}

/** Major and minor, as compatibility tables name a release. */
export function minorOf({ major, minor }: Version): string {
  return `${major}.${minor}`;
}
