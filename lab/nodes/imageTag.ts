/** Tag of an image reference, `v1.13.0` of `ghcr.io/siderolabs/installer:v1.13.0@sha256:…`. */
export function imageTag(reference: string): string | undefined {
  return /:([^/:@]+)(?:@[^/]*)?$/.exec(reference)?.[1];
}
