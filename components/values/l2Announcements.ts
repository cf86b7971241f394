import { durationSeconds, isDuration } from "../spec/duration";
import type { ChartValues } from "./chartValues";
import type { CiliumFeatures } from "./features";

/** What an agent may ask by itself: its own default on Kubernetes 1.27 and newer. */
export const AGENT_QPS = 10;
/** Seconds; Cilium's own. */
const RENEW_DEADLINE = 5;

/**
 * Announcements, and as many requests to the API server as they cost: one lease for each Service,
 * renewed by its node once in every deadline.
 */
export function l2AnnouncementsValues({
  features,
}: {
  readonly features?: CiliumFeatures;
}): ChartValues {
  const l2 = features?.l2Announcements;
  if (!l2) return {};
  const { leaseDuration, leaseRenewDeadline, leaseRetryPeriod, services } = l2;
  const qps = announcingQPS(services, leaseRenewDeadline);
  return {
    l2announcements: {
      enabled: true,
      ...(leaseDuration !== undefined && { leaseDuration }),
      ...(leaseRenewDeadline !== undefined && { leaseRenewDeadline }),
      ...(leaseRetryPeriod !== undefined && { leaseRetryPeriod }),
    },
    k8sClientRateLimit: { qps, burst: 2 * qps },
  };
}

/** Requests in a second of an agent that announces so many Services. */
export function announcingQPS(services: number, leaseRenewDeadline?: string): number {
  return AGENT_QPS + Math.ceil(services / renewDeadline(leaseRenewDeadline));
}

/** Of a spec with faults too: a rule names what is no duration. */
function renewDeadline(text: string | undefined): number {
  const seconds = text !== undefined && isDuration(text) ? durationSeconds(text) : RENEW_DEADLINE;
  return seconds > 0 ? seconds : RENEW_DEADLINE;
}
