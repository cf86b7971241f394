import { labBinaries, requireBinaries } from "./testLab";

/** Renders by the lab's Helm in the tests of this block, and skips them where there is none. */
export function useLabHelm(): void {
  const named = process.env["HELM_BIN"];
  before(requireBinaries);
  beforeEach(() => {
    process.env["HELM_BIN"] = labBinaries()!["helm"];
  });
  afterEach(() => {
    delete process.env["HELM_BIN"];
    if (named !== undefined) process.env["HELM_BIN"] = named;
  });
}
