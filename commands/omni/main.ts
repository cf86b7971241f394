import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";

import { Command } from "commander";

import { findStackFile } from "../stackFile/findStackFile";
import { checkStackFile, formatLocated } from "../stackFile/readStackFile";
import { omniFiles } from "./omniFiles";

const ROOT = path.join(__dirname, "../..");

/** `npm run omni -- <stack> <folder>`: writes files, prints the template; exit code 1 with problems. */
function main(): void {
  new Command("npm run omni --")
    .description(
      "Writes config patches and manifests for Omni's cluster template, and prints what names them in it.",
    )
    .argument("<stack>", "by name, or by the path of the file")
    .argument("<folder>", "where the files go; the template has to stand there")
    .action((wanted: string, folder: string) => {
      // npm runs scripts in the root; a path was typed elsewhere.
      const from = process.env["INIT_CWD"] ?? process.cwd();
      const stack = findStackFile(wanted, ROOT, from);
      const name = path.relative(process.cwd(), stack.file);
      const { spec, problems } = checkStackFile(stack);
      const made = spec && omniFiles(spec, stack.projectDirectory);
      const found = [...problems, ...(made?.problems ?? [])];
      if (!made || found.length > 0) {
        console.error(formatLocated(found, name));
        process.exitCode = 1;
        return;
      }
      for (const [file, text] of made.files) {
        const target = path.resolve(from, folder, file);
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, text);
      }
      console.error(`${made.files.size} files are in ${folder}; this names them:`);
      process.stdout.write(made.template);
    })
    .parse();
}

try {
  main();
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 1;
}
