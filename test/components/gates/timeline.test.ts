import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

import { applied, bootstrapTimeline, readySince } from "../../../components/gates/timeline";

const ready = (time: string | Date, status = "True") => [
  { type: "MemoryPressure", status: "False", lastTransitionTime: "2026-01-01T00:00:00Z" },
  { type: "Ready", status, lastTransitionTime: time },
];

describe("readySince", () => {
  it("sorts by time and leaves out what is not Ready", () => {
    assert.deepEqual(
      readySince([
        ready("2026-01-01T00:00:09Z"),
        ready("2026-01-01T00:00:05Z", "False"),
        undefined,
        ready(new Date("2026-01-01T00:00:03Z")),
      ]),
      ["2026-01-01T00:00:03.000Z", "2026-01-01T00:00:09.000Z"],
    );
  });
});

describe("applied", () => {
  const release = { info: { first_deployed: "2026-01-01T01:00:05.5+01:00" } };
  const once = gzipSync(JSON.stringify(release)).toString("base64");
  const data = { release: Buffer.from(once).toString("base64") };
  const revision = (status: string, time: string) => ({
    data,
    metadata: { labels: { status, modifiedAt: String(Date.parse(time) / 1000) } },
  });

  it("is when Helm was done", () =>
    assert.equal(
      applied([revision("deployed", "2026-01-01T00:00:08Z")]),
      "2026-01-01T00:00:08.000Z",
    ));

  it("is when Helm began where nothing tells more, or the second is the same", () => {
    const begun = "2026-01-01T00:00:05.500Z";
    assert.equal(applied([{ data }]), begun);
    assert.equal(applied([revision("deployed", "2026-01-01T00:00:05Z")]), begun);
    assert.equal(applied([revision("failed", "2026-01-01T00:00:08Z")]), begun);
    const later = revision("superseded", "2026-01-01T09:00:00Z");
    assert.equal(applied([later, revision("deployed", "2026-01-01T09:00:00Z")]), begun);
  });

  it("has nothing where there is no release", () => assert.equal(applied([]), undefined));
});

describe("bootstrapTimeline", () => {
  it("counts from the accepted Bootstrap to the last node", () => {
    const timeline = bootstrapTimeline(
      "2026-01-01T00:00:00.000Z",
      "2026-01-01T00:00:04.000Z",
      { allReady: "2026-01-01T00:00:21.500Z" },
      600,
    );
    assert.equal(timeline.secondsUsed, 21.5);
    assert.equal(timeline.secondsBudgeted, 600);
  });

  it("says nothing about a window that has no end yet", () => {
    assert.equal(
      bootstrapTimeline("2026-01-01T00:00:00Z", undefined, undefined, 600).secondsUsed,
      undefined,
    );
  });
});
