/** Something that exists in the cluster or on a machine, but not in the state. */
export interface ImportTarget {
  /** Its Pulumi name, which begins with the name of its component. */
  readonly name: string;
  readonly urn: string;
}

export interface ImportOptions {
  /** What the provider knows it by. */
  readonly id: string;
  /** What the component appends to its own name for this child, for example `-bootstrap`. */
  readonly suffix: string;
  /** URN of the provider resource, where it is not the default one. */
  readonly provider?: string;
  /** Inputs that the provider cannot read back; the next `up` puts the real ones in their place. */
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Version of a bridged provider's state: one without is taken for the first, and no refresh reads it. */
  readonly schemaVersion?: number;
}

/**
 * The command that takes an existing thing into the state, under its component: one line for a
 * shell that knows process substitution (bash, zsh). Pure.
 */
export function importLine(target: ImportTarget, options: ImportOptions): string {
  const [urnStack, project, types = ""] = target.urn.split("::");
  const chain = types.split("$");
  const component = [
    urnStack,
    project,
    chain.slice(0, -1).join("$"),
    target.name.slice(0, -options.suffix.length),
  ].join("::");
  const { id, provider, inputs, schemaVersion } = options;
  const meta = schemaVersion && {
    __meta: JSON.stringify({ schema_version: String(schemaVersion) }),
  };
  const file = {
    nameTable: { component, ...(provider && { provider }) },
    resources: [
      {
        type: chain.at(-1),
        name: target.name,
        id,
        parent: "component",
        ...(provider && { provider: "provider" }),
        // With the outputs given, too, nothing is read from a provider that has nothing to read.
        ...(inputs && { inputs, outputs: { id, ...inputs, ...meta } }),
      },
    ],
  };
  return `pulumi import --yes --protect=false --generate-code=false --file <(echo '${JSON.stringify(file)}')`;
}
