{{/* The entries of cilium-config that values decide. What values leave alone stands in files/. */}}
{{- define "config.values" -}}
{{- $v := .Values }}
cluster-name: {{ $v.cluster.name | quote }}
cluster-id: {{ $v.cluster.id | toString | quote }}
debug: {{ $v.debug.enabled | quote }}
ipam: {{ $v.ipam.mode | quote }}
{{- if eq $v.ipam.mode "cluster-pool" }}
cluster-pool-ipv4-cidr: {{ $v.ipam.operator.clusterPoolIPv4PodCIDRList | join " " | quote }}
cluster-pool-ipv4-mask-size: {{ $v.ipam.operator.clusterPoolIPv4MaskSize | toString | quote }}
{{- end }}
cgroup-root: {{ $v.cgroup.hostRoot | quote }}
custom-cni-conf: {{ $v.cni.customConf | quote }}
unmanaged-pod-watcher-interval: {{ ternary "15s" "0s" $v.operator.unmanagedPodWatcher.restart | quote }}
enable-policy: {{ $v.policyEnforcementMode | lower | quote }}
{{- if not $v.cni.customConf }}
write-cni-conf-when-ready: /host/etc/cni/net.d/05-cilium.conflist
{{- end }}
cni-exclusive: {{ $v.cni.exclusive | quote }}
enable-ipv4: {{ $v.ipv4.enabled | quote }}
enable-ipv6: {{ $v.ipv6.enabled | quote }}
enable-l7-proxy: {{ $v.l7Proxy | quote }}
routing-mode: {{ $v.routingMode | default "tunnel" | quote }}
tunnel-protocol: {{ $v.tunnelProtocol | default "vxlan" | quote }}
auto-direct-node-routes: {{ $v.autoDirectNodeRoutes | quote }}
{{- with $v.ipv4NativeRoutingCIDR }}
ipv4-native-routing-cidr: {{ . | quote }}
{{- end }}
{{- with $v.ipv6NativeRoutingCIDR }}
ipv6-native-routing-cidr: {{ . | quote }}
{{- end }}
direct-routing-skip-unreachable: {{ $v.directRoutingSkipUnreachable | quote }}
{{- with $v.MTU }}
mtu: {{ . | toString | quote }}
{{- end }}
enable-ipv4-big-tcp: {{ $v.enableIPv4BIGTCP | quote }}
enable-ipv6-big-tcp: {{ $v.enableIPv6BIGTCP | quote }}
datapath-mode: {{ $v.bpf.datapathMode | quote }}
{{- if $v.bpf.masquerade }}
enable-bpf-masquerade: "true"
{{- end }}
{{- if not (kindIs "invalid" $v.bpf.hostLegacyRouting) }}
enable-host-legacy-routing: {{ $v.bpf.hostLegacyRouting | quote }}
{{- end }}
kube-proxy-replacement: {{ $v.kubeProxyReplacement | toString | quote }}
{{- if eq (toString $v.kubeProxyReplacement) "true" }}
kube-proxy-replacement-healthz-bind-address: {{ $v.kubeProxyReplacementHealthzBindAddr | default "" | quote }}
{{- end }}
{{- with dig "mode" "" .Values.loadBalancer }}
bpf-lb-mode: {{ . | quote }}
{{- end }}
{{- with dig "algorithm" "" .Values.loadBalancer }}
bpf-lb-algorithm: {{ . | quote }}
{{- end }}
{{- with dig "dsrDispatch" "" .Values.loadBalancer }}
bpf-lb-dsr-dispatch: {{ . | quote }}
{{- end }}
{{- with dig "tableSize" "" $v.maglev }}
bpf-lb-maglev-table-size: {{ . | toString | quote }}
{{- end }}
bpf-lb-acceleration: {{ $v.loadBalancer.acceleration | default "disabled" | quote }}
{{- with $v.k8sClientRateLimit }}
{{- with .qps }}
k8s-client-qps: {{ . | toString | quote }}
{{- end }}
{{- with .burst }}
k8s-client-burst: {{ . | toString | quote }}
{{- end }}
{{- end }}
enable-host-firewall: {{ $v.hostFirewall.enabled | quote }}
{{- if hasKey .Values "policyAuditMode" }}
policy-audit-mode: {{ .Values.policyAuditMode | quote }}
{{- end }}
{{- if $v.bandwidthManager.enabled }}
enable-bandwidth-manager: "true"
enable-bbr: {{ $v.bandwidthManager.bbr | quote }}
enable-bbr-hostns-only: {{ $v.bandwidthManager.bbrHostNamespaceOnly | quote }}
{{- end }}
{{- if $v.encryption.enabled }}
{{- if eq $v.encryption.type "wireguard" }}
enable-wireguard: "true"
wireguard-persistent-keepalive: {{ $v.encryption.wireguard.persistentKeepalive | quote }}
{{- else if eq $v.encryption.type "ipsec" }}
enable-ipsec: "true"
enable-ipsec-key-watcher: {{ $v.encryption.ipsec.keyWatcher | quote }}
ipsec-key-file: {{ printf "%s/%s" ($v.encryption.ipsec.mountPath | default "/etc/ipsec") ($v.encryption.ipsec.keyFile | default "keys") | quote }}
ipsec-key-rotation-duration: {{ $v.encryption.ipsec.keyRotationDuration | quote }}
{{- end }}
{{- end }}
{{- with $v.encryption.strictMode.egress }}
{{- if .enabled }}
enable-encryption-strict-mode-egress: "true"
encryption-strict-egress-cidr: {{ .cidr | quote }}
encryption-strict-egress-allow-remote-node-identities: {{ .allowRemoteNodeIdentities | quote }}
{{- end }}
{{- end }}
{{- if $v.encryption.strictMode.ingress.enabled }}
enable-encryption-strict-mode-ingress: "true"
{{- end }}
{{- if $v.localRedirectPolicies.enabled }}
enable-local-redirect-policy: "true"
{{- end }}
{{- with $v.localRedirectPolicies.addressMatcherCIDRs }}
lrp-address-matcher-cidrs: {{ . | join "," | quote }}
{{- end }}
{{- if $v.egressGateway.enabled }}
enable-egress-gateway: "true"
{{- end }}
{{- if $v.l2announcements.enabled }}
enable-l2-announcements: "true"
{{- end }}
{{- if $v.bgpControlPlane.enabled }}
enable-bgp-control-plane: "true"
enable-bgp-control-plane-status-report: {{ $v.bgpControlPlane.statusReport.enabled | quote }}
enable-bgp-legacy-origin-attribute: {{ $v.bgpControlPlane.legacyOriginAttribute.enabled | quote }}
bgp-secrets-namespace: {{ $v.bgpControlPlane.secretsNamespace.name | quote }}
bgp-router-id-allocation-mode: {{ $v.bgpControlPlane.routerIDAllocation.mode | quote }}
bgp-router-id-allocation-ip-pool: {{ $v.bgpControlPlane.routerIDAllocation.ipPool | quote }}
{{- end }}
{{- if $v.gatewayAPI.enabled }}
{{- $alpn := $v.gatewayAPI.enableAlpn }}
bpf-lb-algorithm-annotation: "true"
bpf-lb-sock-hostns-only: "true"
enable-gateway-api: "true"
enable-gateway-api-alpn: {{ $alpn | quote }}
enable-gateway-api-app-protocol: {{ or $alpn $v.gatewayAPI.enableAppProtocol | quote }}
enable-gateway-api-proxy-protocol: {{ $v.gatewayAPI.enableProxyProtocol | quote }}
enable-gateway-api-secrets-sync: {{ $v.gatewayAPI.secretsNamespace.sync | quote }}
gateway-api-hostnetwork-enabled: {{ $v.gatewayAPI.hostNetwork.enabled | quote }}
gateway-api-hostnetwork-nodelabelselector: ""
gateway-api-secrets-namespace: {{ $v.gatewayAPI.secretsNamespace.name | quote }}
gateway-api-service-externaltrafficpolicy: {{ $v.gatewayAPI.externalTrafficPolicy | quote }}
gateway-api-use-remote-address: {{ $v.gatewayAPI.useRemoteAddress | quote }}
gateway-api-xff-num-trusted-hops: {{ $v.gatewayAPI.xffNumTrustedHops | toString | quote }}
{{- end }}
{{- if or $v.gatewayAPI.enabled $v.ingressController.enabled }}
enable-envoy-config: "true"
envoy-config-retry-interval: {{ $v.envoyConfig.retryInterval | quote }}
{{- end }}
{{- if $v.ingressController.enabled }}
{{ include "config.ingress" $v.ingressController }}
{{- end }}
{{- if $v.prometheus.enabled }}
prometheus-serve-addr: {{ printf ":%v" $v.prometheus.port | quote }}
controller-group-metrics: {{ $v.prometheus.controllerGroupMetrics | join " " | quote }}
{{- end }}
enable-hubble: {{ $v.hubble.enabled | quote }}
{{- if $v.hubble.enabled }}
hubble-socket-path: {{ $v.hubble.socketPath | quote }}
hubble-listen-address: {{ $v.hubble.listenAddress | quote }}
hubble-network-policy-correlation-enabled: {{ $v.hubble.networkPolicyCorrelation.enabled | quote }}
hubble-disable-tls: {{ not $v.hubble.tls.enabled | quote }}
{{- if $v.hubble.tls.enabled }}
hubble-tls-cert-file: /var/lib/cilium/tls/hubble/server.crt
hubble-tls-key-file: /var/lib/cilium/tls/hubble/server.key
hubble-tls-client-ca-files: /var/lib/cilium/tls/hubble/client-ca.crt
{{- end }}
{{- with $v.hubble.metrics.enabled }}
hubble-metrics: {{ . | join " " | quote }}
hubble-metrics-server: {{ printf ":%v" $v.hubble.metrics.port | quote }}
hubble-metrics-server-enable-tls: {{ $v.hubble.metrics.tls.enabled | quote }}
enable-hubble-open-metrics: {{ $v.hubble.metrics.enableOpenMetrics | quote }}
{{- end }}
{{- end }}
{{- end }}
