import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { k3sFaults } from "./k3sFaults";
import { pulumiHelp } from "./pulumiHelp";
import type { Command } from "./shell";
import { talosctlFaults } from "./talosctlFaults";

const ROOT = path.resolve(__dirname, "../..");
const { scripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

/** Commands of other programs that no page gets wrong. */
const PLAIN = [".ci/run", "cd", "echo", "export", "git"];

/** Verbs of npm itself that pages name. */
const NPM_VERBS = ["audit", "ci", "install", "pack", "test", "run"];

/** First words of the Pulumi CLI that want a second one. */
const PULUMI_GROUPS = ["config", "stack", "state"];

/** Verbs of the lab whose further arguments go to the program behind it. */
const PASSED_ON: Readonly<Record<string, string>> = {
  up: "pulumi",
  preview: "pulumi",
  refresh: "pulumi",
  destroy: "pulumi",
  kubectl: "kubectl",
};

/** Whether the programs that answer for themselves are there: `npm test` builds them. */
export function hasBinaries(): boolean {
  return ["pulumi", "kubectl"].every((name) => existsSync(binary(name)));
}

/** What is wrong with a command: a script, a file, a verb or a flag that is not there. */
export async function commandFaults(command: Command): Promise<string[]> {
  const [program = "", ...args] = command;
  switch (program) {
    case "npm":
      return npmFaults(args);
    case "npx":
      return args[0] === "tsx" && args[1] ? fileFaults([args[1]]) : ["only npx tsx is used here"];
    case "pulumi":
      return pulumiFaults(args);
    case "kubectl":
      return kubectlFaults(args);
    case "talosctl":
      return talosctlFaults(args);
    case "k3s":
      return k3sFaults(args);
    default:
      return PLAIN.includes(program) ? [] : [`nothing here can check ${program}`];
  }
}

async function npmFaults(all: readonly string[]): Promise<string[]> {
  const args = all.filter((word) => word !== "--silent");
  const [verb = ""] = args;
  if (!NPM_VERBS.includes(verb)) return [`npm has no ${verb} that is used here`];
  if (verb === "test") return fileFaults(behindDashes(args).filter((word) => /\.ts$/.test(word)));
  if (verb !== "run") return [];
  const script = args[1] ?? "";
  if (script === "…") return [];
  if (!(script in scripts)) return [`package.json has no script ${script}`];
  const given = behindDashes(args);
  if (given.length === 0) return [];
  if (script === "lab") return labFaults(given);
  if (script === "bench") return fileFaults(given.map((name) => `bench/${name}.ts`));
  if (script.startsWith("test")) return fileFaults(given.filter((word) => /\.ts$/.test(word)));
  // What stands behind a second `--` is for the program behind it.
  const [own, passedOn] = parted(given);
  const hasFlags = own.some((word) => word.startsWith("-"));
  const faults = hasFlags ? flagFaults(own, await help(...startOf(script), "--help"), script) : [];
  return script === "up" ? [...faults, ...(await pulumiFaults(["up", ...passedOn]))] : faults;
}

/** What `npm run` starts for a script. */
function startOf(script: string): [string, ...string[]] {
  const [, ...args] = scripts[script]!.split(" ");
  return [process.execPath, ...args];
}

async function labFaults(args: readonly string[]): Promise<string[]> {
  const text = await help(...startOf("lab"), "--help");
  const at = args.findIndex(
    (word, index) => !word.startsWith("-") && args[index - 1] !== "--stack",
  );
  const [own, [verb, ...rest]] = at < 0 ? [args, []] : [args.slice(0, at), args.slice(at)];
  const faults = flagFaults(own, text, "lab");
  if (verb === undefined) return faults;
  if (!new RegExp(`^ +${verb}\\b`, "m").test(text)) return [...faults, `the lab has no ${verb}`];
  const behind = PASSED_ON[verb];
  if (behind === "pulumi") faults.push(...(await pulumiFaults([verb, ...rest])));
  else if (behind === "kubectl") faults.push(...(await kubectlFaults(rest)));
  else if (rest.length > 0) faults.push(`lab ${verb} takes no ${rest.join(" ")}`);
  return faults;
}

async function pulumiFaults(args: readonly string[]): Promise<string[]> {
  const words = args.slice(0, PULUMI_GROUPS.includes(args[0] ?? "") && isWord(args[1]) ? 2 : 1);
  if (words.length === 0 || !hasBinaries()) return [];
  const known = await pulumiHelp(binary("pulumi"));
  const text = known.get(words.join(" ")) ?? (await pulumiAliasHelp(words));
  if (text === undefined) return [`pulumi has no ${words.join(" ")}`];
  return flagFaults(args.slice(words.length), text, `pulumi ${words.join(" ")}`);
}

/** What a command says that has another name, as `stack init`, under its own; undefined where there is none. */
async function pulumiAliasHelp(words: readonly string[]): Promise<string | undefined> {
  const text = await help(binary("pulumi"), ...words, "--help");
  const [, usage = ""] = /^Usage:\n {2}pulumi((?: [a-z-]+)*) [a-z-]+/m.exec(text) ?? [];
  const [, aliases = ""] = /^Aliases:\n {2}(.*)$/m.exec(text) ?? [];
  const isThere = usage.trim() === words.slice(0, -1).join(" ");
  return isThere && aliases.split(", ").includes(words.at(-1)!) ? text : undefined;
}

async function kubectlFaults(args: readonly string[]): Promise<string[]> {
  if (!hasBinaries()) return [];
  const at = args.findIndex((word, index) => isWord(word) && !args[index - 1]?.startsWith("-"));
  const words = args.slice(at, args[at] === "rollout" ? at + 2 : at + 1);
  const texts = await Promise.all([
    help(binary("kubectl"), ...words, "--help"),
    help(binary("kubectl"), "options"),
  ]);
  if (/unknown command/.test(texts[0])) return [`kubectl has no ${words.join(" ")}`];
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  return flagFaults(own, texts.join("\n"), `kubectl ${words.join(" ")}`);
}

/** Flags that a help text does not name. */
function flagFaults(args: readonly string[], text: string, whose: string): string[] {
  return args
    .filter((word) => /^--?[a-z]/i.test(word))
    .map((word) => word.split("=")[0]!)
    .filter((flag) => !new RegExp(`(^|[\\s,])${flag}\\b(?!-)`, "m").test(text))
    .map((flag) => `${whose} has no flag ${flag}`);
}

/** Files, or folders, that are not there; one with `…` in it stands for any. */
function fileFaults(files: readonly string[]): string[] {
  return files
    .filter((file) => !file.includes("…") && !existsSync(path.join(ROOT, file)))
    .map((file) => `there is no ${file}`);
}

function behindDashes(args: readonly string[]): readonly string[] {
  return parted(args)[1];
}

function parted(args: readonly string[]): readonly [readonly string[], readonly string[]] {
  const at = args.indexOf("--");
  return at < 0 ? [args, []] : [args.slice(0, at), args.slice(at + 1)];
}

function isWord(word: string | undefined): boolean {
  return word !== undefined && /^[a-z]/.test(word);
}

function binary(name: string): string {
  return path.join(process.env["LAB_BIN"] ?? "", name);
}

const texts = new Map<string, Promise<string>>();

/** What a program says of itself; each is asked once. */
function help(file: string, ...args: readonly string[]): Promise<string> {
  const key = [file, ...args].join(" ");
  const known = texts.get(key);
  if (known) return known;
  const text = new Promise<string>((resolve) =>
    execFile(
      file,
      args,
      { cwd: ROOT, env: { ...process.env, COLUMNS: "200" } },
      (_error, stdout, stderr) => resolve(stdout + stderr),
    ),
  );
  texts.set(key, text);
  return text;
}
