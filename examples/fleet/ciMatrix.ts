import path from "node:path";

/** GitHub runs no more jobs than these in one matrix. */
const MOST_JOBS = 256;

/** One job: the environments that it runs, one after the other. */
export interface MatrixJob {
  readonly environments: string;
}

/**
 * The jobs of a change: the environments whose stack file it touches, or all of them where it
 * touches the program. Pure.
 *
 * @param changed paths from the top of the repository, as `git diff --name-only` gives them
 * @param environments names of all
 */
export function ciMatrix(changed: readonly string[], environments: readonly string[]): MatrixJob[] {
  const touched = changed.map((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(path.basename(file))?.[1]);
  const ofProgram = changed.some(
    (file, index) => !touched[index] && !/\.md$|^docs\/|^\.github\//.test(file),
  );
  const affected = environments.filter((name) => ofProgram || touched.includes(name));
  const jobs = Math.min(affected.length, MOST_JOBS);
  return Array.from({ length: jobs }, (_, job) => ({
    environments: affected.filter((_name, index) => index % jobs === job).join(" "),
  }));
}
