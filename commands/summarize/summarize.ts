import { parseArgs } from "node:util";

import { GITHUB_LIMIT, comment, failureComment } from "./comment";
import { parsePreview } from "./preview";

const USAGE = `usage: pulumi preview --json | npm run --silent summarize -- [options] [file]

Writes one Markdown comment about a preview. Its first line is hidden and names the stack, so that
the comment can be found and updated.

  --stack <project/stack>  the stack, where the preview may be too broken to say it
  --limit <characters>     what the forge takes; default ${GITHUB_LIMIT}, GitHub's`;

/** What the command says, and the error that it ends with. */
export interface Said {
  readonly text: string;
  readonly error?: Error;
}

/**
 * `npm run summarize`: the comment about a preview.
 *
 * @param read gives the text of a file, `-` is standard input
 */
export function summarize(args: string[], read: (file: string) => string): Said {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      stack: { type: "string" },
      limit: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return { text: `${USAGE}\n` };
  const [file = "-", ...more] = positionals;
  if (more.length > 0) throw new Error(`one file is enough, and there is also ${more.join(", ")}`);
  const limit = limitOf(values.limit);
  const text = read(file);
  // A pipeline whose variable is empty gives an empty name.
  const stack = values.stack || undefined;
  try {
    return { text: comment(parsePreview(text), { stack, limit }) };
  } catch (error) {
    // Whoever waits for the comment has to learn of it too.
    const reason = (error as Error).message;
    return { text: failureComment(stack ?? "unknown", text, reason), error: error as Error };
  }
}

const SMALLEST_LIMIT = 2_000;

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= SMALLEST_LIMIT) return limit;
  throw new Error(`--limit is ${text}: write a whole number of ${SMALLEST_LIMIT} or more`);
}
