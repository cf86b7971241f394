/** A resource that exists in the cluster but not in the state. */
export interface ImportTarget {
  /** Its Pulumi name, which begins with the name of its component. */
  readonly name: string;
  readonly urn: string;
}

/**
 * The command that takes an existing thing into the state, under its component. Pure.
 *
 * @param id what the provider knows it by.
 * @param suffix what the component appends to its own name for this child, for example `-bootstrap`.
 */
export function importLine(target: ImportTarget, id: string, suffix: string): string {
  const [urnStack, project, types = ""] = target.urn.split("::");
  const chain = types.split("$");
  const parent = [
    urnStack,
    project,
    chain.slice(0, -1).join("$"),
    target.name.slice(0, -suffix.length),
  ].join("::");
  return (
    `pulumi import ${chain.at(-1)} ${target.name} ${id} --parent 'component=${parent}' ` +
    "--protect=false --generate-code=false --yes"
  );
}
