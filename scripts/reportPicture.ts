import { existsSync } from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";

import { launchBrowser, openPage } from "../test/support/browser";

/**
 * `npx tsx scripts/reportPicture.ts`: makes the picture of the report in `docs/` from the report of the
 * last run.
 */
async function main(): Promise<void> {
  const page = path.join(__dirname, "../report/index.html");
  if (!existsSync(page)) throw new Error("there is no report yet: `npm run lab` writes one");
  const browser = await launchBrowser();
  const { page: shown } = await openPage(browser, pathToFileURL(page).href, {
    viewport: { width: 1040, height: 980 },
  });
  await shown.screenshot({ path: path.join(__dirname, "../docs/images/report.png") });
  await browser.close();
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
