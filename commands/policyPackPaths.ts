import * as path from "node:path";

const FLAG = /^--policy-pack(-config)?(=|$)/;

/**
 * Arguments of the Pulumi CLI with the paths of policy packs and of their configuration made absolute:
 * the CLI runs where the program is, which need not be where they were typed.
 *
 * @param from what relative paths are relative to, absolute
 */
export function absolutePolicyPacks(args: readonly string[], from: string): string[] {
  const absolute = (list: string) =>
    list
      .split(",")
      .map((each) => path.resolve(from, each))
      .join(",");
  return args.map((arg, index) => {
    const before = args[index - 1] ?? "";
    if (FLAG.test(before) && !before.includes("=")) return absolute(arg);
    const at = arg.indexOf("=");
    return FLAG.test(arg) && at > 0 ? `${arg.slice(0, at + 1)}${absolute(arg.slice(at + 1))}` : arg;
  });
}
