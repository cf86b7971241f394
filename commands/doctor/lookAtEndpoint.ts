import { lookup } from "node:dns/promises";
import { request } from "node:https";

import type { EndpointAnswer, EndpointFacts } from "./endpoint";
import { within } from "./timeLimit";

const ANSWER_MS = 4_000;

/** Longest answer that is read: a version, or the refusal of one. */
const ANSWER_BYTES = 64 * 1024;

/** Resolves the endpoint's host and asks whoever listens for a version. It throws nothing. */
export async function lookAtEndpoint(clusterEndpoint: string): Promise<EndpointFacts> {
  const host = new URL(clusterEndpoint).hostname.replace(/^\[|\]$/g, "");
  const found = await within(ANSWER_MS, lookup(host, { all: true }));
  if ("error" in found) return { addresses: found.error };
  const addresses = found.value.map(({ address }) => address);
  const answer = await within(ANSWER_MS, ask(clusterEndpoint));
  return {
    addresses,
    answer: "value" in answer ? answer.value : { kind: "error", error: answer.error },
  };
}

function ask(clusterEndpoint: string): Promise<EndpointAnswer> {
  return new Promise((resolve, reject) => {
    // The certificate is the cluster's own: who answers is told by the form of the answer.
    const options = { rejectUnauthorized: false, timeout: ANSWER_MS };
    const call = request(new URL("/version", clusterEndpoint), options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
        if (text.length > ANSWER_BYTES) response.destroy();
      });
      response.on("close", () => {
        resolve({ kind: "http", status: response.statusCode ?? 0, ...kubernetesOf(text) });
      });
    });
    call.on("timeout", () => call.destroy(new Error("no answer")));
    call.on("error", reject);
    call.end();
  });
}

function kubernetesOf(text: string): { isKubernetes: boolean; version?: string } {
  try {
    const { gitVersion, kind, apiVersion } = JSON.parse(text) as Record<string, unknown>;
    if (typeof gitVersion === "string") return { isKubernetes: true, version: gitVersion };
    return { isKubernetes: kind === "Status" && apiVersion === "v1" };
  } catch {
    return { isKubernetes: false };
  }
}
