import * as z from "zod/mini";

import * as defaults from "../defaults";
import { defaultedField, field, group, optionalField } from "../field";

const issuerRef = z.strictObject({
  name: field(z.string(), "Name of the issuer."),
  kind: defaultedField(z.string(), "ClusterIssuer", "Kind of the issuer."),
  group: defaultedField(z.string(), "cert-manager.io", "Group of the kind."),
});

const tls = z.strictObject({
  method: defaultedField(
    z.enum(["stack", "secrets", "certmanager", "cronJob"]),
    "stack",
    "Who makes the certificates: the program, which keeps them secret in the state; somebody else, in Secrets; cert-manager; a Job of the chart, from Cilium 1.19.",
  ),
  serverSecret: optionalField(
    z.string(),
    "For `secrets`: Secret in kube-system of the agents' certificate, keys ca.crt, tls.crt, tls.key.",
  ),
  relayClientSecret: optionalField(z.string(), "For `secrets`: the same of Hubble Relay."),
  issuerRef: optionalField(issuerRef, "For `certmanager`: the issuer."),
  generation: optionalField(
    z.int().check(z.minimum(1)),
    "For `stack`: number of the certificates; with another one the program makes new ones, signed by the same CA. Left out: 1.",
  ),
});

const uiAccess = z.strictObject({
  gateway: optionalField(
    z.strictObject({
      name: field(z.string(), "Gateway that an HTTPRoute attaches to."),
      namespace: defaultedField(z.string(), "default", "Its namespace."),
      sectionName: optionalField(z.string(), "One of its listeners. Left out: all that fit."),
      hostname: field(z.string(), "Name that the UI has.", { examples: ["hubble.example.org"] }),
    }),
    "By Gateway API.",
  ),
  ingress: optionalField(
    z.strictObject({
      hostname: field(z.string(), "Name that the UI has.", { examples: ["hubble.example.org"] }),
      className: optionalField(z.string(), "Class of the Ingress. Left out: the default one."),
      annotations: optionalField(
        z.record(z.string(), z.string()),
        "Annotations of the Ingress, such as those by which its controller asks for a login.",
      ),
      tlsSecretName: optionalField(
        z.string(),
        "Secret of its certificate in kube-system. Left out: no TLS.",
      ),
    }),
    "By an Ingress.",
  ),
  loadBalancer: optionalField(
    z.strictObject({
      annotations: optionalField(
        z.record(z.string(), z.string()),
        "Annotations of the Service, such as lbipam.cilium.io/ips.",
      ),
    }),
    "By an address of its own, in clear.",
  ),
});

export const hubble = group(
  {
    enabled: defaultedField(
      z.boolean(),
      defaults.DEFAULT_HUBBLE_ENABLED,
      "Whether agents observe flows.",
    ),
    relay: defaultedField(z.boolean(), defaults.DEFAULT_HUBBLE_RELAY, "Whether Hubble Relay runs."),
    ui: defaultedField(z.boolean(), defaults.DEFAULT_HUBBLE_UI, "Whether Hubble UI runs."),
    uiAccess: optionalField(
      uiAccess,
      "How the UI is reached, one way. It has no login of its own. Left out: kubectl port-forward.",
    ),
    metrics: optionalField(
      z.array(z.string()),
      "Metrics that agents count flows by, each with its options. Left out: none.",
      { examples: [["dns", "drop", "tcp", "flow", "icmp", "http"]] },
    ),
    tls: optionalField(tls, "Certificates of Hubble. Left out: the program makes them."),
    tolerateControlPlanes: optionalField(
      z.boolean(),
      "Whether Relay and UI run on control planes too. Left out: where there are no workers.",
    ),
  },
  "Hubble, Cilium's observability.",
);
