import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../..");

describe("lab/start.mjs (npm is a stub that notes that it was called)", () => {
  let dir: string;
  const at = (...names: string[]) => path.join(dir, ...names);
  const lockfile = (version: string) =>
    JSON.stringify({
      packages: {
        "": {},
        "node_modules/tsx": { version },
        "node_modules/fsevents": { version: "1.0.0", optional: true },
        "node_modules/@pulumiverse/talos": { link: true },
      },
    });

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "start-"));
    for (const folder of ["lab/cli", "commands", "node_modules", "bin"])
      mkdirSync(at(folder), { recursive: true });
    const commands = ["nodePackages", "typeScript", "compileCache", "sourceMaps"].map(
      (f) => `commands/${f}.js`,
    );
    const files = ["lab/start.mjs", ...commands];
    for (const file of [...files, "tsconfig.json"]) copyFileSync(path.join(ROOT, file), at(file));
    for (const name of ["tsx", "esbuild", "@esbuild", "get-tsconfig", "resolve-pkg-maps"]) {
      const source = path.join(ROOT, "node_modules", name);
      if (existsSync(source)) symlinkSync(source, at("node_modules", name));
    }
    writeFileSync(at("lab/cli/main.ts"), "console.log(process.argv.slice(2).join(), 1 as number);");
    writeFileSync(at("bin/npm"), `#!/bin/sh\necho "$@" > "${at("npm-was-called")}"\n`, {
      mode: 0o755,
    });
    writeFileSync(at("package-lock.json"), lockfile("4.0.0"));
    writeFileSync(at("node_modules/.package-lock.json"), lockfile("4.0.0"));
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const start = (...args: string[]) =>
    spawnSync(process.execPath, [at("lab/start.mjs"), ...args], {
      encoding: "utf8",
      env: { ...process.env, PATH: `${at("bin")}${path.delimiter}${process.env.PATH}` },
    });
  const installed = () => existsSync(at("npm-was-called"));

  it("hands over at once when the packages are those of the lockfile", () => {
    const { stdout, stderr } = start("lab", "kubectl", "get", "-o", "wide");
    assert.equal(stdout, "kubectl,get,-o,wide 1\n", stderr);
    assert.equal(installed(), false);
  });

  it("installs packages that are missing", () => {
    rmSync(at("node_modules/.package-lock.json"));
    assert.match(start("lab").stderr, /installing npm packages \(1 are missing/);
    assert(installed());
  });

  it("installs packages that are older than the lockfile", () => {
    writeFileSync(at("package-lock.json"), lockfile("4.0.1"));
    start("lab");
    assert(installed());
  });

  it("says in one sentence that they could not be installed", () => {
    writeFileSync(at("package-lock.json"), lockfile("4.0.1"));
    writeFileSync(at("bin/npm"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const { status, stderr, stdout } = start("lab");
    assert.equal(status, 1);
    assert.match(stderr, /error: the npm packages could not be installed: see above/);
    assert.equal(stdout, "");
  });
});
