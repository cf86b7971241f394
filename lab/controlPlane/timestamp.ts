/** Now, as Kubernetes writes it: RFC 3339 with whole seconds. */
export function timestamp(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
