import { execFileSync } from "node:child_process";

import type { Fetched } from "./hostedFindings";

/** Seconds for the whole answer. */
const FETCH_TIMEOUT = 10;

const SCRIPT = `
const { createHash } = require("node:crypto");
const [url, timeout] = process.argv.slice(1);
fetch(url, { signal: AbortSignal.timeout(Number(timeout)) })
  .then(async (answer) => answer.ok
    ? { sha256: createHash("sha256").update(Buffer.from(await answer.arrayBuffer())).digest("hex") }
    : { failure: "the server answers " + answer.status })
  .catch(({ name, message, cause }) => ({
    failure: name === "TimeoutError" ? "no answer within " + timeout / 1000 + " s" : cause?.message || cause?.code || message,
  }))
  .then((seen) => process.stdout.write(JSON.stringify(seen)));
`;

/**
 * Fetches what control planes would. The program waits for it, in a process of its own, because
 * nothing is registered before the answer is known.
 */
export function fetchDigest(url: string, timeout = FETCH_TIMEOUT): Fetched {
  try {
    const seen = execFileSync(process.execPath, ["-e", SCRIPT, url, String(timeout * 1000)], {
      encoding: "utf8",
      // What the program's own start needs, this one does not.
      env: { ...process.env, NODE_OPTIONS: "" },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: (timeout + 20) * 1000,
    });
    return JSON.parse(seen) as Fetched;
  } catch (error) {
    return { failure: (error as Error).message.split("\n")[0]! };
  }
}
