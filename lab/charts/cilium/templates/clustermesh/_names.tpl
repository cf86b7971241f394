{{/* Whether a Job makes the certificates of the mesh's API server. */}}
{{- define "meshCertificateJob" -}}
{{- $tls := .Values.clustermesh.apiserver.tls -}}
{{- if and .Values.clustermesh.useAPIServer $tls.auto.enabled (eq $tls.auto.method "cronJob") }}true{{ end -}}
{{- end }}

{{/* The other clusters by name, as JSON: the value is a list or a map. */}}
{{- define "meshClusters" -}}
{{- $clusters := dict }}
{{- $given := .Values.clustermesh.config.clusters }}
{{- range $key, $cluster := $given }}
{{- if ne (toString $cluster.enabled) "false" }}
{{- $_ := set $clusters (ternary $key $cluster.name (kindIs "map" $given) | toString) $cluster }}
{{- end }}
{{- end }}
{{- $clusters | toJson }}
{{- end }}

{{/* A projected Secret of the mesh with its certificate, key and CA. */}}
{{- define "meshCertificate" -}}
- secret:
    name: {{ .name }}
    items:
      - { key: tls.crt, path: {{ .crt | default "tls.crt" }} }
      - { key: tls.key, path: {{ .key | default "tls.key" }} }
      - { key: ca.crt, path: {{ .ca | default "ca.crt" }} }
{{- end }}
