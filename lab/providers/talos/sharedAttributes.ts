import type { Attribute, Attributes } from "./attributes";
import { goDuration } from "./validate";

/** Credentials of the Talos API that a program gives. */
export function clientConfigurationAttribute(
  flags: { required: true } | { optional: true },
): Attribute {
  return {
    ...flags,
    type: "object",
    description: "The client configuration data",
    attributes: clientConfigurationFields({ required: true }),
  };
}

/** The same, kept out of the provider's state. */
export const clientConfigurationWo: Attribute = {
  optional: true,
  writeOnly: true,
  type: "object",
  description:
    "The client configuration data (write-only). Use this instead of client_configuration when using ephemeral resources. Requires Terraform 1.11+",
  attributes: clientConfigurationFields({ required: true, writeOnly: true }),
};

/** The three parts of a client configuration. */
export function clientConfigurationFields(flags: {
  required?: true;
  computed?: true;
  writeOnly?: true;
}): Attributes {
  return {
    caCertificate: { type: "string", ...flags, description: "The client CA certificate" },
    clientCertificate: { type: "string", ...flags, description: "The client certificate" },
    clientKey: { type: "string", ...flags, sensitive: true, description: "The client key" },
  };
}

/** Access to a Kubernetes API as the provider computes it. */
export const kubernetesClientConfigurationFields: Attributes = {
  host: { type: "string", computed: true, description: "The kubernetes host" },
  caCertificate: { type: "string", computed: true, description: "The kubernetes CA certificate" },
  clientCertificate: {
    type: "string",
    computed: true,
    description: "The kubernetes client certificate",
  },
  clientKey: {
    type: "string",
    computed: true,
    sensitive: true,
    description: "The kubernetes client key",
  },
};

/** Go durations that limit these operations. */
export function timeoutsAttribute(
  ...operations: ("create" | "read" | "update" | "delete")[]
): Attribute {
  return {
    optional: true,
    type: "object",
    attributes: Object.fromEntries(
      operations.map((operation): [string, Attribute] => [
        operation,
        { type: "string", optional: true, validators: [goDuration] },
      ]),
    ),
  };
}

/** `machineSecrets`: what a program gives, or what the provider computes. */
export function machineSecretsFields(flags: { required: true } | { computed: true }): Attributes {
  const pair: Attribute = {
    ...flags,
    type: "object",
    description: "The certificate and key pair",
    attributes: {
      cert: { type: "string", ...flags, description: "certificate data" },
      key: { type: "string", ...flags, sensitive: true, description: "key data" },
    },
  };
  const secret: Attribute = { type: "string", ...flags, sensitive: true };
  const optionalSecret: Attribute =
    "computed" in flags ? secret : { type: "string", optional: true, sensitive: true };
  return {
    cluster: {
      ...flags,
      type: "object",
      attributes: { id: { type: "string", ...flags }, secret },
    },
    secrets: {
      ...flags,
      type: "object",
      attributes: {
        bootstrapToken: secret,
        secretboxEncryptionSecret: secret,
        aescbcEncryptionSecret: optionalSecret,
      },
    },
    trustdinfo: { ...flags, type: "object", attributes: { token: secret } },
    certs: {
      ...flags,
      type: "object",
      attributes: {
        etcd: pair,
        k8s: pair,
        k8sAggregator: pair,
        k8sServiceaccount: { ...flags, type: "object", attributes: { key: secret } },
        os: pair,
      },
    },
  };
}
