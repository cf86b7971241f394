import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { labBinaries } from "./testLab";

const CHART = path.resolve(__dirname, "../../lab/charts/cilium");

/** A web server on a loopback address: a chart repository, and whatever else is put into its folder. */
export interface WebServer {
  readonly url: string;
  readonly folder: string;
  stop(): void;
}

/** Serves the lab's chart, packed by the real Helm, as a repository would. */
export async function serveChart(): Promise<WebServer> {
  const folder = mkdtempSync(path.join(tmpdir(), "charts-"));
  const server = createServer((request, response) => {
    const file = path.join(folder, path.basename(request.url ?? ""));
    if (!existsSync(file)) response.writeHead(404).end();
    else createReadStream(file).pipe(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const helm = labBinaries()!["helm"]!;
  execFileSync(helm, ["package", CHART, "--destination", folder], { stdio: "ignore" });
  execFileSync(helm, ["repo", "index", folder, "--url", url]);
  const stop = () => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, folder, stop };
}
