import * as z from "zod/mini";

import { defaultedField, field, optionalField } from "../field";
import { labelSelector } from "./labelSelector";

/** Services that the agents' limit of requests is sized for, where nothing is said. */
export const DEFAULT_ANNOUNCED_SERVICES = 50;

const policy = z.strictObject({
  loadBalancerIPs: defaultedField(
    z.boolean(),
    true,
    "Whether addresses of Services of type LoadBalancer are announced.",
  ),
  externalIPs: defaultedField(
    z.boolean(),
    false,
    "Whether external addresses of Services are announced.",
  ),
  interfaces: optionalField(
    z.array(z.string()),
    "Regular expressions of the links that are announced on. Left out: every link.",
    { examples: [["^eth[0-9]+", "^enp.*"]] },
  ),
  nodeSelector: labelSelector("Nodes that may announce. Left out: all, control planes too."),
  serviceSelector: labelSelector("Services that are announced. Left out: all."),
});

export const l2Announcements = optionalField(
  z.strictObject({
    policies: field(z.record(z.string(), policy), "What is announced where, by name."),
    services: defaultedField(
      z.int(),
      DEFAULT_ANNOUNCED_SERVICES,
      "How many Services are announced at most: each costs its node a request every leaseRenewDeadline, for which the agents' limit is raised.",
    ),
    leaseDuration: optionalField(
      z.string(),
      "Time after which another node takes over, a Go duration. Left out: 15s.",
    ),
    leaseRenewDeadline: optionalField(
      z.string(),
      "Time in which the announcing node has to renew, a Go duration. Left out: 5s.",
    ),
    leaseRetryPeriod: optionalField(
      z.string(),
      "Time between two attempts to renew, a Go duration. Left out: 2s.",
    ),
  }),
  "Answers for addresses of Services on the local network. Left out: none.",
);
