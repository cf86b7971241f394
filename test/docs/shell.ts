/** A command of a shell block: its words, without redirections and what stands in their place. */
export type Command = readonly string[];

/** What ends a command, longest first. */
const ENDS = ["&&", "||", "|", ";", "\n"];

/**
 * The commands of a text in a shell's language, as far as a page needs it: quotes, comments, pipes,
 * lists and redirections; a line that ends in a backslash goes on.
 */
export function commandsOf(text: string): Command[] {
  const commands: string[][] = [[]];
  let rest = text.replace(/\\\n/g, " ");
  while (rest !== "") {
    const end = ENDS.find((sign) => rest.startsWith(sign));
    const [space] = /^[ \t]+/.exec(rest) ?? [];
    const [comment] = /^#[^\n]*/.exec(rest) ?? [];
    // `<name>` is a placeholder, and no redirection.
    const [redirection] = /^(?!<[\w-]+>)\d?[<>]+ *[^\s|;&]+/.exec(rest) ?? [];
    const [word = ""] = /^(?:"[^"]*"|'[^']*'|<[\w-]+>|\$\([^)]*\)|[^\s"'|;&<>])+/.exec(rest) ?? [];
    if (end) commands.push([]);
    else if (!space && !comment && !redirection) {
      if (word === "") throw new Error(`this is no command that is understood: ${rest}`);
      commands.at(-1)!.push(word.replaceAll(/["']/g, ""));
    }
    rest = rest.slice((end ?? space ?? comment ?? redirection ?? word).length);
  }
  return commands.map(withoutVariables).filter((words) => words.length > 0);
}

/** `NAME=value` before a command is its environment. */
function withoutVariables(words: readonly string[]): Command {
  const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  return first < 0 ? [] : words.slice(first);
}
