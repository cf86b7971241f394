import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { format, type FormatConfig } from "oxfmt";

const OPTIONS = resolve(__dirname, "..", ".oxfmtrc.json");

/**
 * A generated file as `npm run format` would write it.
 *
 * @param file its name tells the language
 * @throws Error with the formatter's words where the text does not parse
 */
export async function formatted(file: string, text: string): Promise<string> {
  const options = JSON.parse(readFileSync(OPTIONS, "utf8")) as FormatConfig;
  const { code, errors } = await format(file, text, options);
  if (errors.length > 0)
    throw new Error(`${file}: ${errors.map((each) => each.message).join("; ")}`);
  return code;
}
