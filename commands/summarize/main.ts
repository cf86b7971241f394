import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { GITHUB_LIMIT, comment, failureComment } from "./comment";
import { parsePreview } from "./preview";

const USAGE = `usage: pulumi preview --json | npm run --silent summarize -- [options] [file]

Writes one Markdown comment about a preview. Its first line is hidden and names the stack, so that
the comment can be found and updated.

  --stack <project/stack>  the stack, where the preview may be too broken to say it
  --limit <characters>     what the forge takes; default ${GITHUB_LIMIT}, GitHub's`;

/** `npm run summarize`: a preview from a file or from standard input, the comment to standard output. */
function main(args: string[]): void {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      stack: { type: "string" },
      limit: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return console.log(USAGE);
  const [file = "-", ...more] = positionals;
  if (more.length > 0) throw new Error(`one file is enough, and there is also ${more.join(", ")}`);
  const limit = limitOf(values.limit);
  const text = readFileSync(file === "-" ? 0 : file, "utf8");
  // A pipeline whose variable is empty gives an empty name.
  const stack = values.stack || undefined;
  try {
    process.stdout.write(comment(parsePreview(text), { stack, limit }));
  } catch (error) {
    // Whoever waits for the comment has to learn of it too.
    const reason = (error as Error).message;
    process.stdout.write(failureComment(stack ?? "unknown", text, reason));
    throw error;
  }
}

const SMALLEST_LIMIT = 2_000;

function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= SMALLEST_LIMIT) return limit;
  throw new Error(`--limit is ${text}: write a whole number of ${SMALLEST_LIMIT} or more`);
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 1;
}
