{{- define "labels" -}}
app.kubernetes.io/part-of: cilium
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* An image reference of a chart's `image` map; `name` and `digest` override its own. */}}
{{- define "image" -}}
{{- $image := .image -}}
{{- if $image.override -}}
{{ $image.override }}
{{- else -}}
{{ .repository | default $image.repository }}:{{ $image.tag }}{{ if $image.useDigest }}@{{ .digest | default $image.digest }}{{ end }}
{{- end -}}
{{- end }}

{{/* Where a host-network pod reaches the API server. */}}
{{- define "apiServerEnv" -}}
{{- if .Values.k8sServiceHost }}
- name: KUBERNETES_SERVICE_HOST
  value: {{ .Values.k8sServiceHost | quote }}
{{- end }}
{{- if .Values.k8sServicePort }}
- name: KUBERNETES_SERVICE_PORT
  value: {{ .Values.k8sServicePort | toString | quote }}
{{- end }}
{{- end }}

{{/* What every pod of Cilium knows of itself. */}}
{{- define "podEnv" -}}
- name: K8S_NODE_NAME
  valueFrom:
    fieldRef:
      apiVersion: v1
      fieldPath: spec.nodeName
- name: CILIUM_K8S_NAMESPACE
  valueFrom:
    fieldRef:
      apiVersion: v1
      fieldPath: metadata.namespace
{{- end }}

{{/* A container's security context with one list of capabilities. */}}
{{- define "capabilities" -}}
{{- if .context.privileged -}}
privileged: true
{{- else -}}
seLinuxOptions:
  {{- toYaml .context.seLinuxOptions | nindent 2 }}
capabilities:
  {{- with .add }}
  add:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  drop:
    - ALL
{{- end -}}
{{- end }}

{{/* Whether the chart itself makes Hubble's certificates, and how. */}}
{{- define "certificateMethod" -}}
{{- $hubble := .Values.hubble -}}
{{- if and $hubble.enabled $hubble.tls.enabled $hubble.tls.auto.enabled -}}
{{ $hubble.tls.auto.method }}
{{- end -}}
{{- end }}

{{- define "hubbleServerSecret" -}}
{{- .Values.hubble.tls.server.existingSecret | default "hubble-server-certs" -}}
{{- end }}

{{- define "hubbleRelayClientSecret" -}}
{{- .Values.hubble.relay.tls.client.existingSecret | default "hubble-relay-client-certs" -}}
{{- end }}

{{/* Envoy runs by itself unless switched off; without a layer 7 proxy there is nothing for it to do. */}}
{{- define "envoyEnabled" -}}
{{- if and .Values.l7Proxy (ne (toString .Values.envoy.enabled) "false") }}true{{ end -}}
{{- end }}
