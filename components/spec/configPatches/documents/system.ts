import { durationSeconds } from "../../duration";
import { parseGoUrl } from "../goUrl";
import { at, entriesAt, listAt, textAt } from "../machineDocuments";
import { isAddress, portRange } from "../scalars";
import type { DocumentFaults } from "./fault";
import { required } from "./fault";

/** Services, registries, logs, the firewall. */
export const systemFaults: DocumentFaults = {
  *WatchdogTimerConfig(document) {
    yield* required(document, "device");
    const timeout = textAt(document, "timeout");
    if (timeout !== "" && durationSeconds(timeout) !== 0 && durationSeconds(timeout) < 10) {
      yield ["timeout", "it is 10s or more"];
    }
  },
  *KmsgLogConfig(document) {
    yield* required(document, "name");
    const url = parseGoUrl(textAt(document, "url"));
    const isBare = url?.path === "" || url?.path === "/";
    if (!isBare || !["tcp", "udp"].includes(url.scheme) || url.port === "") {
      yield ["url", "it must be tcp:// or udp:// with a host and a port"];
    }
  },
  *EventSinkConfig(document) {
    if (!/^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/.test(textAt(document, "endpoint"))) {
      yield ["endpoint", "it must be a host and a port"];
    }
  },
  *EnvironmentConfig(document) {
    for (const [name] of entriesAt(document, "variables")) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        yield ["variables", `${name} is no variable name`];
      }
    }
  },
  *ExtensionServiceConfig(document) {
    yield* required(document, "name");
    const files = listAt(document, "configFiles");
    if (files.length === 0 && listAt(document, "environment").length === 0) {
      yield ["configFiles", "there must be configFiles or environment"];
    }
    for (const file of files) {
      if (textAt(file, "content") === "") yield ["configFiles", "each file has content"];
      if (textAt(file, "mountPath") === "") yield ["configFiles", "each file has a mountPath"];
    }
  },
  *RegistryMirrorConfig(document) {
    yield* required(document, "name");
    for (const endpoint of listAt(document, "endpoints")) {
      if (!["http", "https"].includes(parseGoUrl(textAt(endpoint, "url"))?.scheme ?? "")) {
        yield ["endpoints", "each has a url with http:// or https://"];
      }
    }
  },
  *RegistryAuthConfig(document) {
    yield* required(document, "name");
    const ways = ["username", "identityToken", "auth"].filter((key) => textAt(document, key));
    if (ways.length > 1) yield [ways[1]!, `it cannot stand beside ${ways[0]}`];
  },
  *RegistryTLSConfig(document) {
    yield* required(document, "name");
    const ca = textAt(document, "ca");
    if (ca !== "" && !ca.includes("-----BEGIN CERTIFICATE-----")) {
      yield ["ca", "it must be a certificate in PEM"];
    }
    const identity = at(document, "clientIdentity");
    for (const key of identity === undefined ? [] : ["cert", "key"]) {
      if (textAt(identity, key).includes("-----BEGIN ")) continue;
      yield [`clientIdentity.${key}`, "it must be in PEM"];
    }
  },
  *NetworkRuleConfig(document) {
    yield* required(document, "name");
    yield* required(document, "portSelector.protocol");
    const ports = listAt(document, "portSelector", "ports").flatMap((port) => [
      portRange(port) ?? [0, 0],
    ]);
    if (ports.length === 0) yield ["portSelector.ports", "it is required"];
    const sorted = ports.sort(([one], [other]) => one - other);
    if (
      sorted.some(([first, last], index) => first > last || first <= (sorted[index - 1]?.[1] ?? -1))
    ) {
      yield [
        "portSelector.ports",
        "ranges go upwards and share no port; lists of patches are appended",
      ];
    }
    for (const rule of listAt(document, "ingress")) {
      if (textAt(rule, "subnet") === "") yield ["ingress", "each rule has a subnet"];
    }
  },
  *StaticHostConfig(document) {
    if (!isAddress(textAt(document, "name"))) yield ["name", "it is the address of the host"];
    if (listAt(document, "hostnames").length === 0) yield ["hostnames", "there must be one"];
  },
  *TimeSyncConfig(document) {
    if (at(document, "ntp") !== undefined && at(document, "ptp") !== undefined) {
      yield ["ptp", "it cannot stand beside ntp"];
    }
    if (textAt(document, "bootTimeout").startsWith("-")) {
      yield ["bootTimeout", "it cannot be negative"];
    }
  },
  *TCPProbeConfig(document) {
    yield* required(document, "name", "endpoint");
    for (const key of ["timeout", "interval", "failureThreshold"]) {
      if (textAt(document, key).startsWith("-")) yield [key, "it cannot be negative"];
    }
  },
  *OOMConfig(document) {
    if (textAt(document, "sampleInterval").startsWith("-")) {
      yield ["sampleInterval", "it cannot be negative"];
    }
  },
  *SideroLinkConfig(document) {
    const url = parseGoUrl(textAt(document, "apiUrl"));
    const isBare = url?.path === "" || url?.path === "/";
    if (!isBare || !["https", "grpc"].includes(url.scheme)) {
      yield ["apiUrl", "it must be https:// or grpc:// without a path"];
    }
  },
  *ImageVerificationConfig(document) {
    for (const rule of listAt(document, "rules")) {
      const skipped = at(rule, "skip") === true || at(rule, "deny") === true;
      const verifiers = ["keyless", "publicKey"].filter((key) => at(rule, key) !== undefined);
      if (textAt(rule, "image") === "") yield ["rules", "each has an image"];
      if (at(rule, "skip") === true && at(rule, "deny") === true) {
        yield ["rules", "skip and deny exclude each other"];
      }
      if (verifiers.length !== (skipped ? 0 : 1)) {
        yield ["rules", "each has one of skip, deny, keyless and publicKey"];
      }
      const keyless = at(rule, "keyless");
      const subject = textAt(keyless, "subject") + textAt(keyless, "subjectRegex");
      if (keyless !== undefined && (textAt(keyless, "issuer") === "" || subject === "")) {
        yield ["rules", "keyless has an issuer, and a subject or subjectRegex"];
      }
      const publicKey = at(rule, "publicKey");
      if (publicKey !== undefined && textAt(publicKey, "certificate") === "") {
        yield ["rules", "publicKey has a certificate"];
      }
    }
  },
};
