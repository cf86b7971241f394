import { ProvidedCluster } from "../../../support/providedCluster";
import { objectTests } from "./objects";
import { releaseTests } from "./releases";

// One API server for both: starting one takes the processor longer than all that is asked of it.
describe("kubernetes provider, against an API server", function () {
  this.timeout(60_000);
  const cluster = ProvidedCluster.forSuite();

  describe("objects", () => objectTests(cluster));
  describe("Helm releases", () => releaseTests(cluster));
});
