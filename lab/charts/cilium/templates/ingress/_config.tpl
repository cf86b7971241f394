{{/* The entries of cilium-config for Ingress, from `ingressController`. */}}
{{- define "config.ingress" -}}
enable-ingress-controller: "true"
enforce-ingress-https: {{ .enforceHttps | quote }}
enable-ingress-proxy-protocol: {{ .enableProxyProtocol | quote }}
enable-ingress-secrets-sync: {{ .secretsNamespace.sync | quote }}
ingress-secrets-namespace: {{ .secretsNamespace.name | quote }}
ingress-lb-annotation-prefixes: {{ .ingressLBAnnotationPrefixes | join " " | quote }}
ingress-default-lb-mode: {{ .loadbalancerMode | quote }}
ingress-shared-lb-service-name: {{ .service.name | quote }}
{{- if and .defaultSecretNamespace .defaultSecretName }}
ingress-default-secret-namespace: {{ .defaultSecretNamespace | quote }}
ingress-default-secret-name: {{ .defaultSecretName | quote }}
{{- end }}
ingress-default-xff-num-trusted-hops: {{ .xffNumTrustedHops | toString | quote }}
ingress-use-remote-address: {{ .useRemoteAddress | quote }}
{{- $host := .hostNetwork }}
ingress-hostnetwork-enabled: {{ $host.enabled | quote }}
ingress-hostnetwork-shared-listener-port: {{ $host.sharedListenerPort | toString | quote }}
ingress-hostnetwork-http-listener-port: {{ $host.httpPort | toString | quote }}
ingress-hostnetwork-https-listener-port: {{ $host.httpsPort | toString | quote }}
ingress-hostnetwork-tls-passthrough-listener-port: {{ $host.tlsPassthroughPort | toString | quote }}
{{- $labels := list }}
{{- range $key, $value := $host.nodes.matchLabels }}
{{- $labels = append $labels (printf "%s=%s" $key $value) }}
{{- end }}
ingress-hostnetwork-nodelabelselector: {{ $labels | join "," | quote }}
{{- end }}
