import type { TalosctlCommand } from "../../scripts/docs/talosctlHelp";
import record from "./talosctl.json";

const COMMANDS: Readonly<Record<string, TalosctlCommand>> = record.commands;

/** What is wrong with the words behind `talosctl`, by what it said of itself when it was recorded. */
export function talosctlFaults(args: readonly string[]): string[] {
  const path = pathOf(args);
  const command = COMMANDS[path.join(" ")];
  if (!command) return [`talosctl has no ${args.slice(0, path.length + 1).join(" ")}`];
  const { faults, others } = parted(args.slice(path.length), command);
  const [least, most] = countOf(command.arguments);
  if (others.length < least || others.length > most) {
    faults.push(`takes ${command.arguments || "no arguments"}, got ${others.join(" ") || "none"}`);
  }
  return faults.map((fault) => `talosctl ${path.join(" ")} ${fault}`);
}

/** The words that name a command: as many as there is one for. */
function pathOf(args: readonly string[]): readonly string[] {
  const lengths = args.map((_, index) => args.length - index);
  const length = lengths.find((each) => args.slice(0, each).join(" ") in COMMANDS);
  return args.slice(0, length ?? 0);
}

/** Flags are looked up; what is none, and no value of one, is an argument. */
function parted(words: readonly string[], { bare, valued }: TalosctlCommand) {
  const faults: string[] = [];
  const others: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [flag = "", value] = word.split("=");
    if (!/^--?[a-z]/i.test(word)) others.push(word);
    else if (valued.split(" ").includes(flag)) {
      const given = value ?? (rest[0]?.startsWith("-") ? undefined : rest.shift());
      if (!given) faults.push(`wants a value behind ${flag}`);
    } else if (!bare.split(" ").includes(flag)) faults.push(`has no flag ${flag}`);
  }
  return { faults, others };
}

/** How many arguments a usage such as `<type> [<id>]` allows, at least and at most. */
export function countOf(usage: string): readonly [least: number, most: number] {
  let depth = 0;
  let least = 0;
  let most = 0;
  for (const [token] of usage.matchAll(/\[|\]|\.\.\.|(?:<[^>]*>|[^\s[\]<>.])+/g)) {
    if (token === "[") depth += 1;
    else if (token === "]") depth -= 1;
    else if (token === "...") most = Infinity;
    else {
      most += 1;
      if (depth === 0) least += 1;
    }
  }
  return [least, most];
}
