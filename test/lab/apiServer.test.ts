import { operatorStackTests } from "../examples/operatorStacks";
import { ProvidedCluster } from "../support/providedCluster";
import { objectTests } from "./providers/kubernetes/objects";
import { releaseTests } from "./providers/kubernetes/releases";

// One for all: starting it takes the processor longer than all that is asked of it.
describe("on a real API server (with controllers, without nodes)", function () {
  this.timeout(60_000);
  const cluster = ProvidedCluster.forSuite();

  describe("the Kubernetes provider's objects", () => objectTests(cluster));
  describe("the Kubernetes provider's Helm releases", () => releaseTests(cluster));
  describe("a fleet's operator Stacks", () => operatorStackTests(cluster));
});
