import { accessSync, constants } from "node:fs";

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { chromium } from "playwright-core";

/** Where Debian, Fedora and others put it; `CHROMIUM` names another. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** It is to ask nobody for anything. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The path of a Chromium on this machine, or undefined. */
export function findChromium(): string | undefined {
  return [process.env["CHROMIUM"], ...PLACES].find((file) => {
    if (!file) return false;
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** In a `before` hook: skips the suite, with a line that says why, where there is no Chromium. */
export function requireChromium(this: Mocha.Context): void {
  if (findChromium()) return;
  console.log(
    "      skipped: no Chromium here; `apt-get install chromium`, or name one in CHROMIUM",
  );
  this.skip();
}

/** A headless browser with a fresh profile. @throws Error where there is no Chromium */
export function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("no Chromium here: install one, or name one in CHROMIUM");
  return chromium.launch({ executablePath, args: QUIET });
}

/**
 * Opens a page without JavaScript.
 *
 * @returns the page, and every address that it asked for
 */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
): Promise<{ page: Page; requests: string[] }> {
  const context = await browser.newContext({ javaScriptEnabled: false, ...options });
  const page = await context.newPage();
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(url);
  return { page, requests };
}
