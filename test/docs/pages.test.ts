import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";

import { type Block, blocksOf, pages, proseOf } from "../../scripts/docs/blocks";
import { commandFaults, hasBinaries } from "./commandFaults";
import { firstScreen, linkFaults, pathsOf, treeFaults } from "./linkFaults";
import { unknownPieces } from "./messages";
import { commandsOf } from "./shell";
import { patchFaults, stackFaults } from "./stackFaults";

const ROOT = path.resolve(__dirname, "../..");
const blocks = pages(ROOT).flatMap((page) => blocksOf(ROOT, page));

/** Messages of other programs, which nobody here can ask: no more than there are. */
const MOST_FOREIGN = 4;

/** Folders whose own folders the tree names one by one. */
const ROOMS_WITHIN = ["", "components", "components/cilium", "lab"];
const NO_ROOMS = [".", ".github", ".gitlab"];

type Faults = (text: string) => string[] | Promise<string[]>;

/** What is wrong with a block of each kind; a kind that is not here is refused. */
const KINDS: Readonly<Record<string, Faults>> = {
  sh: shellFaults,
  // Compiled by `npm run check`, as files under test/docs/snippets; generated.test.ts keeps them.
  ts: () => [],
  yaml: stackFaults,
  "yaml patch": patchFaults,
  json: (text) => {
    JSON.parse(text);
    return [];
  },
  "json lines": (text) => {
    for (const line of text.trim().split("\n")) JSON.parse(line);
    return [];
  },
  "text message": unknownPieces,
  "text tree": (text) => treeFaults(ROOT, text),
  "text foreign": () => [],
  mermaid: (text) => (/^(flowchart|sequenceDiagram)/.test(text) ? [] : ["it is no diagram"]),
  // The sample of a comment, which test/commands/summarize keeps.
  markdown: () => [],
};

async function shellFaults(text: string): Promise<string[]> {
  return (await Promise.all(commandsOf(text).map(commandFaults))).flat();
}

/** Commands inside a line. */
function inlineCommands(page: string): string[] {
  return proseOf(ROOT, page).flatMap((line) =>
    [...line.matchAll(/`((?:npm|npx|pulumi|kubectl|talosctl|k3s) [^`]+)`/g)].map(
      ([, command]) => command!,
    ),
  );
}

const where = ({ page, line, info }: Block) => `${page}:${line} (${info.join(" ") || "no kind"})`;

describe("pages (that what they name is there and is taken, not what it does)", function () {
  this.timeout(60_000);
  this.slow(5_000);

  before(() => {
    if (hasBinaries()) return;
    console.log("      pulumi and kubectl are not asked for their flags: `npm test` builds them");
  });

  for (const page of pages(ROOT)) {
    it(`${page}: every block`, async () => {
      const faults: string[] = [];
      for (const block of blocks.filter((each) => each.page === page)) {
        const check = KINDS[block.info.join(" ")];
        if (!check) faults.push(`${where(block)}: there is no such kind`);
        else for (const fault of await check(block.text)) faults.push(`${where(block)}: ${fault}`);
      }
      assert.deepEqual(faults, []);
    });

    it(`${page}: every command in a line, and every link`, async () => {
      const faults = await Promise.all(
        inlineCommands(page).map(async (command) =>
          (await shellFaults(command)).map((fault) => `${command}: ${fault}`),
        ),
      );
      assert.deepEqual([...faults.flat(), ...linkFaults(ROOT, page)], []);
    });
  }

  it("checks every command, and all but a few messages", () => {
    const foreign = blocks.filter(({ info }) => info.join(" ") === "text foreign");
    assert.ok(foreign.length <= MOST_FOREIGN, foreign.map(where).join("\n"));
  });

  it("finds what is wrong", async () => {
    const wrong: [kind: string, text: string][] = [
      ["sh", "npm run labb\n"],
      ["sh", "npm run new -- home --controlplane cp-1=10.5.0.11\n"],
      ["sh", "npm run lab -- upp\n"],
      ["sh", "npx tsx scripts/nothing.ts\n"],
      ["sh", "helm list\n"],
      ["sh", "talosctl upgrad --image ghcr.io/siderolabs/installer:v1.13.1\n"],
      ["sh", "talosctl etcd snapshots etcd.snapshot\n"],
      ["sh", "talosctl upgrade-k8s --too 1.36.4\n"],
      ["sh", "talosctl upgrade-k8s --to\n"],
      ["sh", "talosctl etcd snapshot --nodes 10.5.0.11\n"],
      ["sh", "k3s server --flannel-backend=none\n"],
      ["yaml", "clusterNam: home\n"],
      ["yaml", "config:\n  talos-cilium:cluster: {}\n"],
      ["yaml", "cilium: { version: 1.20.0, values: { tunnel: vxlan } }\n"],
      ["yaml patch", "machine:\n  sysctl: {}\n"],
      ["text message", "the API server is on holiday\n"],
      ["text tree", "components/\n  nothing/\n"],
    ];
    if (hasBinaries()) {
      wrong.push(
        ["sh", "pulumi upp\n"],
        ["sh", "pulumi stack bogus\n"],
        ["sh", "pulumi up --yess\n"],
      );
      wrong.push(["sh", "kubectl get nodes --watchh\n"], ["sh", "npm run lab -- up --yess\n"]);
    }
    for (const [kind, text] of wrong) {
      assert.notDeepEqual(await KINDS[kind]!(text), [], `${kind}: ${text}`);
    }
  });

  it("docs/architecture.md names every room", () => {
    const tree = blocks.find(({ info }) => info.join(" ") === "text tree")!;
    const listed = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" });
    const folders = listed.split("\0").flatMap((file) => {
      const within = path.dirname(file).split("/");
      return ROOMS_WITHIN.flatMap((room) => {
        const depth = room === "" ? 0 : room.split("/").length;
        const isWithin = within.slice(0, depth).join("/") === room && within.length > depth;
        return isWithin ? [within.slice(0, depth + 1).join("/")] : [];
      });
    });
    const named = pathsOf(tree.text);
    const isNamed = (folder: string) => named.some((file) => `${file}/`.startsWith(`${folder}/`));
    assert.deepEqual(
      [...new Set(folders)].filter((folder) => !NO_ROOMS.includes(folder) && !isNamed(folder)),
      [],
    );
  });

  it("README.md names the two commands on its first screen", () => {
    assert.match(firstScreen(ROOT), /^npm run lab\b.*\nnpm test\b/m);
  });
});
