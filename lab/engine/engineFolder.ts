import { mkdirSync } from "node:fs";
import * as path from "node:path";

/** Where one stack's engine keeps what is its own. Everything is inside the lab's ignored folder. */
export interface EngineFolder {
  /** The Pulumi CLI's home: plugins, workspaces, logs. */
  home: string;
  /** The file backend: state, history, locks. */
  backend: string;
  /** A copy of the project file beside the stack file that the CLI may write its salt to. */
  project: string;
  /** That stack file. */
  configFile: string;
}

/**
 * The folders of a stack's engine, made where they are missing.
 *
 * @param dir the lab's folder of this stack, absolute
 * @param stackName as in `Pulumi.<stackName>.yaml`
 */
export function engineFolder(dir: string, stackName: string): EngineFolder {
  const root = path.join(dir, "engine");
  const folder: EngineFolder = {
    home: path.join(root, "home"),
    backend: path.join(root, "backend"),
    project: path.join(root, "project"),
    configFile: path.join(root, "project", `Pulumi.${stackName}.yaml`),
  };
  for (const each of [folder.home, folder.backend, folder.project]) {
    mkdirSync(each, { recursive: true, mode: 0o700 });
  }
  return folder;
}
