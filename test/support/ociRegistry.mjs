// A registry that holds one Helm chart, as a worker: Helm runs while the test's own thread waits for it.
import { createHash } from "node:crypto";
import { createServer } from "node:https";
import { parentPort, workerData } from "node:worker_threads";

const { archive, metadata, tag, name, cert, key } = workerData;

const blob = (content) => ({
  content: Buffer.from(content),
  digest: `sha256:${createHash("sha256").update(content).digest("hex")}`,
});
const descriptor = (mediaType, { digest, content }) => ({
  mediaType,
  digest,
  size: content.length,
});

const config = blob(JSON.stringify(metadata));
const chart = blob(archive);
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const manifest = blob(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptor("application/vnd.cncf.helm.config.v1+json", config),
    layers: [descriptor("application/vnd.cncf.helm.chart.content.v1.tar+gzip", chart)],
  }),
);
const served = new Map([
  [`/v2/${name}/manifests/${tag}`, manifest],
  ...[manifest, config, chart].flatMap((each) => [
    [`/v2/${name}/manifests/${each.digest}`, each],
    [`/v2/${name}/blobs/${each.digest}`, each],
  ]),
]);

const server = createServer({ cert, key }, ({ method, url }, response) => {
  const found = served.get(url);
  response.writeHead(found ? 200 : 404, {
    "content-type": found === manifest ? MANIFEST : "application/octet-stream",
    ...(found && {
      "content-length": found.content.length,
      "docker-content-digest": found.digest,
    }),
  });
  response.end(method === "HEAD" ? undefined : found?.content);
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
