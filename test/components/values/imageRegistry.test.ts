import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { load } from "js-yaml";

import { jobManifests } from "../../../components/cilium/job/jobManifests";
import { releaseValues } from "../../../components/cilium/releaseValues";
import { renderCilium } from "../../../components/cilium/rendering/renderCilium";
import { ciliumObjects } from "../../../components/cilium/objects";
import { type CiliumSpecInput, parseCiliumSpec } from "../../../components/spec";
import { type ChartValues, checkValues, minorNumber, onRegistry } from "../../../components/values";
import { isMap, mergeValues } from "../../../components/values/chartValues";
import { imageRegistryValues } from "../../../components/values/imageRegistry";
import { useLabHelm } from "../../support/labHelm";
import { requireSharedData, sharedData } from "../../support/sharedData";

const REGISTRY = "registry.example.org:5000/mirror";
const CHART = path.resolve(__dirname, "../../../lab/charts/cilium");

/** Every map of a chart that names an image, with its path. */
function* images(values: unknown, at: readonly string[] = []): Iterable<[string, ChartValues]> {
  if (!isMap(values)) return;
  if (typeof values["repository"] === "string") yield [at.join("."), values];
  for (const [key, inner] of Object.entries(values)) yield* images(inner, [...at, key]);
}

describe("imageRegistry (names of images, not that the registry has them)", () => {
  describe("compared with the values of Cilium's charts", () => {
    before(requireSharedData);

    it("moves every image of every chart, under its own name, and keeps tag and digest", () => {
      const versions = readdirSync(sharedData("cilium"));
      assert.ok(versions.length >= 4);
      for (const version of versions) {
        const chart = load(readFileSync(sharedData("cilium", version, "values.yaml"), "utf8"));
        const ours = imageRegistryValues({ version, imageRegistry: REGISTRY });
        const merged = new Map(images(mergeValues(chart as ChartValues, ours)));
        const own = [...images(chart)].filter(([, image]) => image["repository"] !== "");
        assert.ok(own.length >= 13, version);
        for (const [at, image] of own) {
          const name = String(image["repository"]).split("/").slice(1).join("/");
          const moved = { ...image, repository: `${REGISTRY}/${name}` };
          assert.deepEqual(merged.get(at), moved, `${version} ${at}`);
        }
        assert.deepEqual([...images(ours)].length, own.length, version);
        if (minorNumber(version) >= 18) assert.deepEqual(checkValues(ours, version), []);
      }
    });
  });

  it("says nothing where no registry is named", () => {
    assert.deepEqual(imageRegistryValues({ version: "1.20.0" }), {});
    const image = "quay.io/cilium/cilium:v1.20.0";
    assert.equal(onRegistry(image, undefined), image);
  });

  it("leaves what the user says of an image to the user", () => {
    const values = { image: { repository: "other.example.org/cilium" } };
    const { spec } = parseCiliumSpec({ version: "1.20.0", imageRegistry: REGISTRY, values });
    const { values: all } = releaseValues(spec!, {});
    assert.deepEqual(all["image"], values.image);
  });

  const names: readonly (readonly [string, string])[] = [
    ["quay.io/cilium/cilium:v1@sha256:0a", `${REGISTRY}/cilium/cilium:v1@sha256:0a`],
    ["localhost:5000/a/b:1", `${REGISTRY}/a/b:1`],
    ["busybox:1.38.0", `${REGISTRY}/library/busybox:1.38.0`],
    ["docker.io/busybox", `${REGISTRY}/library/busybox`],
    ["cilium/cilium", `${REGISTRY}/cilium/cilium`],
  ];
  for (const [image, moved] of names) {
    it(`names ${image} by ${moved}`, () => assert.equal(onRegistry(image, REGISTRY), moved));
  }

  it("also moves the image of the approver, unless it is the user's own", () => {
    const imageOf = (servingCertApprover: object) => {
      const { spec } = parseCiliumSpec({
        version: "1.20.0",
        imageRegistry: REGISTRY,
        servingCertApprover,
      });
      const text = JSON.stringify(ciliumObjects(spec!));
      return /"image":"([^"]+)"/.exec(text)?.[1];
    };
    assert.match(imageOf({})!, /^registry\.example\.org:5000\/mirror\/alex1989hu\//);
    assert.equal(imageOf({ image: "own.example.org/approver:1" }), "own.example.org/approver:1");
  });

  it("also moves the image of the Job that runs Cilium's CLI", () => {
    const { spec } = parseCiliumSpec({
      version: "1.20.0",
      imageRegistry: REGISTRY,
      installMethod: "job",
      cli: { version: "0.19.7" },
    });
    const text = JSON.stringify(jobManifests(spec!, {}));
    assert.ok(text.includes(`"image":"${REGISTRY}/cilium/cilium-cli:v0.19.7"`), text);
  });

  describe("in a render of the stand-in chart by the real Helm", () => {
    useLabHelm();

    it("leaves no image on a public registry, and each with its digest", () => {
      const everything: CiliumSpecInput = {
        version: "1.20.0",
        chart: CHART,
        imageRegistry: REGISTRY,
        hubble: { relay: true, ui: true, tls: { method: "cronJob" } },
      };
      const { spec } = parseCiliumSpec(everything);
      const { values } = releaseValues(spec!, {});
      const { rendered } = renderCilium(spec!, values, "1.36.3");
      const found = [...rendered!.text.matchAll(/^\s*(?:- )?image: (\S+)$/gm)].map(
        ([, image]) => image!,
      );
      assert.ok(new Set(found).size >= 7, found.join("\n"));
      for (const image of found) {
        assert.ok(image.startsWith(`${REGISTRY}/`), image);
        assert.match(image, /@sha256:[0-9a-f]{64}$/);
      }
    });
  });
});
