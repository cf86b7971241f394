import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

import type { Source, SourceAnswer } from "./registries";
import { within } from "./timeLimit";

const ANSWER_MS = 3_000;

/** Asks all places of a source at once, and the fallback after them. It throws nothing. */
export async function lookAtSource(source: Source, env = process.env): Promise<SourceAnswer[]> {
  const answers = await Promise.all(source.urls.map((url) => head(url, env)));
  const isAnswered = answers.some((answer) => "status" in answer && answer.status < 500);
  if (isAnswered || !source.fallback) return answers;
  return [...answers, await head(source.fallback, env)];
}

async function head(url: string, env: NodeJS.ProcessEnv): Promise<SourceAnswer> {
  if (isProxied(url, env)) return { url, proxied: true };
  const outcome = await within(ANSWER_MS, statusOf(url));
  return "value" in outcome ? { url, status: outcome.value } : { url, error: outcome.error };
}

function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith("http:") ? requestHttp : requestHttps;
    const call = request(url, { method: "HEAD", timeout: ANSWER_MS }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on("timeout", () => call.destroy(new Error("no answer")));
    call.on("error", reject);
    call.end();
  });
}

/** Helm and Pulumi follow these variables; Node.js does not. Loopback is never proxied. */
function isProxied(url: string, env: NodeJS.ProcessEnv): boolean {
  const { hostname, protocol } = new URL(url);
  const name = protocol === "http:" ? "http_proxy" : "https_proxy";
  if (!(env[name] || env[name.toUpperCase()])) return false;
  const excluded = (env["no_proxy"] || env["NO_PROXY"] || "").split(",").map((host) => host.trim());
  const isLoopback = /^(localhost|127\.|\[::1\])/.test(hostname);
  return !isLoopback && !excluded.some((host) => host !== "" && hostname.endsWith(host));
}
