/** Types of the `imagefactory` module, as results carry them. */

export interface NamesFilter {
  names?: string[];
}

export interface OverlaysFilter {
  name?: string;
}

export interface VersionsFilter {
  stableVersionsOnly?: boolean;
}

export interface ExtensionsInfo {
  author: string;
  description: string;
  digest: string;
  name: string;
  ref: string;
}

export interface OverlaysInfo {
  digest: string;
  image: string;
  name: string;
  ref: string;
}

export interface Urls {
  diskImage: string;
  diskImageSecureboot: string;
  initramfs: string;
  installer: string;
  installerSecureboot: string;
  iso: string;
  isoSecureboot: string;
  kernel: string;
  kernelCommandLine: string;
  pxe: string;
  uki: string;
}
