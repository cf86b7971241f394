import { gzipSync } from "node:zlib";

import { type ServedAPI, serveAPI } from "./servedAPI";

const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");

/** A revision as Helm stores it: a Secret. */
export function revisionSecret(
  revision: number,
  status: string,
  config: object,
  ageSeconds = 10,
): object {
  const release = { chart: { metadata: { version: "1.20.0" } }, config };
  const touched = String(Math.floor(Date.now() / 1000) - ageSeconds);
  return {
    metadata: {
      name: `sh.helm.release.v1.cilium.v${revision}`,
      labels: { version: String(revision), status, createdAt: touched },
    },
    data: { release: base64(base64(gzipSync(JSON.stringify(release)))) },
  };
}

/** An API server that lists what the test gives, by the end of a path, and forgets what is deleted. */
export class RecordedClusterAPI {
  private constructor(
    private readonly served: ServedAPI,
    readonly lists: Record<string, object[]>,
  ) {}

  static async start(): Promise<RecordedClusterAPI> {
    const lists: Record<string, object[]> = {};
    const served = await serveAPI((request, response) => {
      const resource = new URL(request.url!, "https://api").pathname.split("/");
      const [plural, name] = request.method === "DELETE" ? resource.slice(-2) : resource.slice(-1);
      const items = lists[plural!];
      if (request.method === "DELETE" && items) {
        lists[plural!] = items.filter(
          (item) => (item as { metadata: { name: string } }).metadata.name !== name,
        );
      }
      response.statusCode = items ? 200 : 404;
      response.end(JSON.stringify({ items, metadata: {} }));
    });
    return new RecordedClusterAPI(served, lists);
  }

  get kubeconfig(): string {
    return this.served.kubeconfig;
  }

  stop(): void {
    this.served.stop();
  }
}
