import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import type { Browser, Locator } from "playwright-core";

import { runOfEvents } from "../../../commands/report/bars";
import type { Report } from "../../../commands/report/report";
import { buildReport } from "../../../commands/report/report";
import { writeReport } from "../../../commands/report/writeReport";
import { launchBrowser, openPage, requireChromium } from "../../support/browser";
import { bootstrapWork, clusterOf, eventsOf, TIMELINE } from "./bootstrapRun";

/** Screenshots are kept here, for whoever wants to look. */
const SCREENSHOTS = path.resolve(__dirname, "../../../.lab/.screenshots");

const WIDE = { viewport: { width: 1100, height: 800 } };
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true };

describe("the report in a browser, without JavaScript (only Chromium is tried)", function () {
  this.timeout(60_000);
  this.slow(10_000);
  const folder = mkdtempSync(path.join(tmpdir(), "report-"));
  let browser: Browser | undefined;

  before(requireChromium);
  before(async () => {
    browser = await launchBrowser();
    mkdirSync(SCREENSHOTS, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [controlPlanes, workers] of [
    [3, 2],
    [3, 47],
  ] as const) {
    const nodes = controlPlanes + workers;
    let url: string;
    let report: Report;

    before(() => {
      const spec = clusterOf(controlPlanes, workers);
      const run = runOfEvents(eventsOf(bootstrapWork(spec.nodes.map(({ hostname }) => hostname))));
      const built = buildReport({
        ...{ stackName: "dev", spec, warnings: [], run, timeline: TIMELINE },
      });
      const page = writeReport(built, path.join(folder, String(nodes)));
      url = pathToFileURL(page).href;
      report = JSON.parse(
        readFileSync(path.join(path.dirname(page), "report.json"), "utf8"),
      ) as Report;
    });

    for (const [form, options] of [
      ["wide", WIDE],
      ["narrow", PHONE],
    ] as const) {
      it(`draws ${nodes} nodes ${form} just as report.json has them, no text over another`, async () => {
        const { page, requests } = await openPage(browser!, url, options);
        await page.screenshot({
          path: path.join(SCREENSHOTS, `${nodes}-${form}.png`),
          fullPage: true,
        });
        assert.deepEqual(requests, [url]);

        const drawing = page.locator(`svg.${form}`);
        assert.equal(await drawing.isVisible(), true);
        assert.equal(await page.locator("svg.timeline:visible").count(), 1);
        const lanes = drawing.locator(".lane");
        const wanted = report.lanes;
        assert.deepEqual(
          await lanes.evaluateAll((all) => all.map((lane) => lane.getAttribute("data-lane"))),
          wanted.map(({ name }) => name),
        );
        assert.deepEqual(
          await drawing
            .locator(".bar")
            .evaluateAll((all) => all.map((bar) => bar.getAttribute("data-bar"))),
          wanted.flatMap(({ bars }) => bars.map(({ name }) => name)),
        );
        assert.equal(await drawing.locator(".bar.gate").count(), 2);
        assert.deepEqual(
          await drawing
            .locator("text.mark")
            .evaluateAll((all) => all.map((mark) => mark.getAttribute("data-mark"))),
          report.marks.map(({ name }) => name),
        );
        assert.match(
          (await drawing.locator('[data-bar="talos-api-serves"]').textContent())!,
          /5\.7 s/,
        );

        const texts = await boxes(drawing.locator(".lane text"));
        const bars = await boxes(drawing.locator(".bar > rect:first-of-type"));
        assert(
          bars.every(({ width }) => width >= 2),
          "a bar cannot be seen",
        );
        assert.deepEqual(overlaps(texts), []);
        const width = await page.evaluate("document.documentElement.scrollWidth");
        assert.equal(width, options.viewport.width);
        await page.context().close();
      });
    }

    it(`is dark for whom it should be, with ${nodes} nodes`, async () => {
      const seen: unknown[][] = [];
      for (const colorScheme of ["light", "dark"] as const) {
        const { page } = await openPage(browser!, url, { ...WIDE, colorScheme });
        await page.screenshot({ path: path.join(SCREENSHOTS, `${nodes}-${colorScheme}.png`) });
        const colour = (selector: string, name: string) =>
          page.evaluate(`getComputedStyle(document.querySelector("${selector}"))["${name}"]`);
        seen.push([
          await colour("body", "backgroundColor"),
          await colour("h1", "color"),
          await colour("svg.wide .bar rect", "fill"),
          await colour("svg.wide .paper", "fill"),
        ]);
        await page.context().close();
      }
      const [light, dark] = seen as [unknown[], unknown[]];
      light.forEach((colour, index) => assert.notEqual(colour, dark[index]));
    });
  }

  it("has a drawing that stands alone, in both schemes", async () => {
    const svg = pathToFileURL(path.join(folder, "5", "timeline.svg")).href;
    const papers: unknown[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await openPage(browser!, svg, { ...WIDE, colorScheme });
      papers.push(await page.evaluate('getComputedStyle(document.querySelector(".paper")).fill'));
      await page.context().close();
    }
    assert.equal(new Set(papers).size, 2);
  });
});

interface Box {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function boxes(locator: Locator): Promise<Box[]> {
  return locator.evaluateAll((all) =>
    all.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { text: element.textContent ?? "", x, y, width, height };
    }),
  );
}

/** Pairs of texts of which one is written over the other. */
function overlaps(all: readonly Box[]): string[] {
  return all.flatMap((one, index) =>
    all.slice(index + 1).flatMap((other) => {
      const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
      const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
      // Boxes are higher than letters.
      return across > 0.5 && down > 4 ? [`${one.text} | ${other.text}`] : [];
    }),
  );
}
