import type { ClusterSpec } from "../../components/spec";
import { type Finding, findingsOf } from "./finding";

/** What was seen at the cluster's endpoint. */
export interface EndpointFacts {
  /** Addresses of its host; the error where it has none. */
  readonly addresses: readonly string[] | Error;
  /** Absent where the host has no address. */
  readonly answer?: EndpointAnswer;
}

export type EndpointAnswer =
  | {
      readonly kind: "http";
      readonly status: number;
      /** Whether it is a Kubernetes API, by the form of its answer. */
      readonly isKubernetes: boolean;
      /** `v1.36.3`, where it tells strangers. */
      readonly version?: string;
    }
  | { readonly kind: "error"; readonly error: NodeJS.ErrnoException };

const { ok, warn, fail } = findingsOf("endpoint");

/**
 * What the endpoint's answer means. Pure.
 *
 * @param configured how many of the machines are configured already: before the first `up` nothing
 *   can serve there
 */
export function endpointFindings(
  { addresses, answer }: EndpointFacts,
  spec: Pick<ClusterSpec, "clusterEndpoint" | "nodes">,
  configured: number,
): Finding[] {
  const subject = spec.clusterEndpoint;
  if (addresses instanceof Error) {
    return [
      fail(
        subject,
        `its name cannot be resolved: ${addresses.message}`,
        "make the DNS record before `pulumi up`: machines are told this name only",
      ),
    ];
  }
  const worker = spec.nodes.find(
    ({ machineType, ipAddress }) => machineType === "worker" && addresses.includes(ipAddress),
  );
  if (worker) {
    return [
      fail(
        subject,
        `it leads to ${worker.hostname}, a worker, where no Kubernetes API runs`,
        "let its name lead to a control plane, a VIP or a load balancer",
      ),
    ];
  }
  return answer ? [answerFinding(subject, answer, configured)] : [];
}

function answerFinding(subject: string, answer: EndpointAnswer, configured: number): Finding {
  if (answer.kind === "http") return httpFinding(subject, answer, configured);
  const { code = "", message } = answer.error;
  if (/EPROTO|wrong version|ERR_SSL/.test(`${code} ${message}`)) {
    return fail(
      subject,
      "something answers there that speaks no TLS",
      "free the port, or write the one that the Kubernetes API is to have",
    );
  }
  if (configured === 0) return ok(subject, "nothing serves there yet, as before the first up");
  return warn(
    subject,
    `machines are configured, but nothing serves there: ${message}`,
    "go on with `pulumi up` if it has not ended; else look at `talosctl health` and at the load balancer",
  );
}

function httpFinding(
  subject: string,
  { status, isKubernetes, version }: EndpointAnswer & { kind: "http" },
  configured: number,
): Finding {
  const isProxyAlone = !isKubernetes && status >= 502 && status <= 504;
  if (isProxyAlone && configured === 0) {
    return ok(subject, `a load balancer answers (${status}), and serves nothing yet`);
  }
  if (!isKubernetes) {
    return fail(
      subject,
      `something answers there that is no Kubernetes API (${status})`,
      "free the port, or correct the endpoint",
    );
  }
  const api = version ? `a Kubernetes API ${version}` : "a Kubernetes API";
  if (configured > 0) return ok(subject, `${api} answers`);
  return fail(
    subject,
    `${api} answers there, although no machine of this cluster is configured`,
    "it is another cluster's: write an endpoint of this one, or the addresses of the right machines",
  );
}
