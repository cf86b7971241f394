import { readFileSync } from "node:fs";

import { summarize } from "./summarize";

/** `npm run summarize`: a preview from a file or from standard input, the comment to standard output. */
function main(args: string[]): void {
  const { text, error } = summarize(args, (file) => readFileSync(file === "-" ? 0 : file, "utf8"));
  process.stdout.write(text);
  if (error) throw error;
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 1;
}
