import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

/** A folder in which a shell script runs with stand-ins for some of the commands that it calls. */
export class ShellSandbox {
  readonly dir = mkdtempSync(path.join(tmpdir(), "sandbox-"));

  /** Puts a bash script in place of a command; `$SANDBOX` is the folder. */
  command(name: string, script: string): this {
    const file = path.join(this.dir, "bin", name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/usr/bin/env bash\n${script}\n`);
    chmodSync(file, 0o755);
    return this;
  }

  write(name: string, text: string): this {
    mkdirSync(path.dirname(path.join(this.dir, name)), { recursive: true });
    writeFileSync(path.join(this.dir, name), text);
    return this;
  }

  read(name: string): string {
    return readFileSync(path.join(this.dir, name), "utf8");
  }

  run(script: string, env: Record<string, string> = {}): { status: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", script], {
      cwd: this.dir,
      encoding: "utf8",
      env: {
        ...env,
        HOME: this.dir,
        SANDBOX: this.dir,
        PATH: `${path.join(this.dir, "bin")}:${path.dirname(process.execPath)}:/usr/bin:/bin`,
      },
    });
    return { status, output: stdout + stderr };
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
