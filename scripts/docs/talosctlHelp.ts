/** What a command of talosctl takes, in its own words. */
export interface TalosctlCommand {
  /** Arguments that are no flags, as its usage has them: `<type> [<id>]`. */
  readonly arguments: string;
  /** Flags behind which no value stands, parted by spaces: `--graceful`. */
  readonly bare: string;
  /** Flags that want a value: `-n --nodes`. */
  readonly valued: string;
}

/** What a talosctl takes, as `scripts/writeTalosctl.ts` asked it. */
export interface TalosctlRecord {
  /** As `v1.13.0`. */
  readonly version: string;
  /** By path behind `talosctl`, aliases too: `etcd snapshot`. */
  readonly commands: Readonly<Record<string, TalosctlCommand>>;
}

/** Sections of a help text that list no commands. */
const NO_COMMANDS = ["Usage", "Aliases", "Examples", "Flags", "Global Flags"];

/**
 * Every command below one, by path.
 *
 * @param help the text that `talosctl <path> --help` prints
 * @param path words of the command, none of all
 */
export function talosctlCommands(
  help: (path: readonly string[]) => string,
  path: readonly string[] = [],
): Record<string, TalosctlCommand> {
  const sections = sectionsOf(help(path));
  const below = [...sections].flatMap(([title, lines]) =>
    NO_COMMANDS.includes(title)
      ? []
      : lines.flatMap((line) => /^ {2}([a-z][\w-]*) {2,}/.exec(line)?.[1] ?? []),
  );
  const commands = below.map((word) => talosctlCommands(help, [...path, word]));
  const [own, ...aliases] = (sections.get("Aliases")?.[0] ?? path.at(-1) ?? "").trim().split(", ");
  // With nothing but commands below it, a command prints its help.
  const usage = sections.get("Usage")?.[0] ?? "";
  const names = usage.endsWith(" [command]") ? [] : [own!, ...aliases];
  const command = commandOf(usage, path, sections);
  const of = (name: string) => [...path.slice(0, -1), name].join(" ");
  return Object.assign(
    {},
    ...names.map((name) => ({ [of(name)]: command })),
    ...commands,
  ) as Record<string, TalosctlCommand>;
}

function commandOf(
  usage: string,
  path: readonly string[],
  sections: ReadonlyMap<string, readonly string[]>,
): TalosctlCommand {
  const flags = ["Flags", "Global Flags"].flatMap((title) =>
    (sections.get(title) ?? []).flatMap((line) => flagOf(line) ?? []),
  );
  const spelled = (isValued: boolean) =>
    flags.flatMap((flag) => (flag.isValued === isValued ? flag.names : [])).join(" ");
  const words = usage
    .trim()
    .split(" ")
    .slice(path.length + 1);
  return {
    arguments: words.filter((word) => word !== "[flags]").join(" "),
    bare: spelled(false),
    valued: spelled(true),
  };
}

/** A value's type stands one space behind its flag; `[=…]` is a value that may be left out. */
function flagOf(line: string): { names: string[]; isValued: boolean } | undefined {
  const [, names, type] =
    /^ {2}(?: {4})?((?:-\w, )?--[\w-]+)(?: (\S.*?))?(?: {2,}|$)/.exec(line) ?? [];
  if (names === undefined) return undefined;
  return { names: names.split(", "), isValued: type !== undefined && !type.includes("[=") };
}

/** Lines of a help text by the title above them, from the usage on. */
function sectionsOf(text: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let lines: string[] | undefined;
  for (const line of text.slice(text.search(/^Usage:/m)).split("\n")) {
    const [, title] = /^(\S.*):$/.exec(line) ?? [];
    if (title !== undefined) sections.set(title, (lines = []));
    else if (/\S/.test(line)) lines?.push(line);
  }
  return sections;
}
