import { environmentOf } from "./readEnvironments";

/** GitHub runs no more jobs than these in one matrix. */
const MOST_JOBS = 256;

/** Files that no `pulumi up` of the fleet reads: pages, workflows, stack files of other programs. */
const UNREAD = /\.md$|^docs\/|^\.github\/|(^|\/)Pulumi\.[^/]+\.yaml$/;

/** One job: the environments that it runs, one after the other. */
export interface MatrixJob {
  readonly environments: string;
}

/**
 * The jobs of a change: the environments whose stack file it touches, or all of them where it
 * touches the program. What else lies in the fleet's folder is the operator's. Pure.
 *
 * @param changed paths from the top of the repository, as `git diff --name-only` gives them
 * @param environments names of all
 * @param folder the fleet's, from the top of the repository, such as `examples/fleet`
 */
export function ciMatrix(
  changed: readonly string[],
  environments: readonly string[],
  folder: string,
): MatrixJob[] {
  const stackFiles = `${folder}/environments/`;
  const touched = changed
    .filter((file) => file.startsWith(stackFiles))
    .map((file) => environmentOf(file.slice(stackFiles.length)));
  const ofProgram = changed.some((file) => !file.startsWith(`${folder}/`) && !UNREAD.test(file));
  const affected = environments.filter((name) => ofProgram || touched.includes(name));
  const jobs = Math.min(affected.length, MOST_JOBS);
  return Array.from({ length: jobs }, (_, job) => ({
    environments: affected.filter((_name, index) => index % jobs === job).join(" "),
  }));
}
