import * as path from "node:path";

import { checkStackFile, formatLocated } from "../../commands/stackFile/readStackFile";
import type { ClusterSpec } from "../../components/spec";
import type { Stack } from "./stack";

/**
 * The cluster of a stack's configuration, read as the program reads it, so that a wrong one ends a
 * lab before anything was started.
 *
 * @throws ConfigurationError with all problems
 */
export function readCluster(stack: Stack): ClusterSpec {
  const { spec, problems } = checkStackFile(stack);
  if (!spec) throw new ConfigurationError(formatLocated(problems, path.basename(stack.file)));
  return spec;
}

/** A stack configuration that cannot be brought up. The message holds every problem. */
export class ConfigurationError extends Error {}
