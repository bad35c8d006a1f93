{{/* What a service is configured with: {root, name, values, facts} of each of the templates below. */}}

{{- define "circuitstream.service.environment" -}}
{{- $root := .root -}}
{{- $values := .values -}}
{{ include "circuitstream.connection" (dict "root" $root "service" .name) }}
- {name: JDK_JAVA_OPTIONS, value: {{ $values.javaOptions | quote }}}
- {name: LOG_LEVEL, value: {{ $values.logLevel | quote }}}
- {name: LOG_FORMAT, value: {{ $values.logFormat | quote }}}
{{- with $root.Values.tracing.endpoint }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }}}
{{- end }}
- {name: CIRCUITSTREAM_HTTP_HOST, value: "0.0.0.0"}
- {name: CIRCUITSTREAM_HTTP_PORT, value: "8080"}
- {name: CIRCUITSTREAM_STATE_DIR, value: /state}
- {name: CIRCUITSTREAM_SHUTDOWN_TIMEOUT, value: "{{ int $values.shutdownTimeoutSeconds }}s"}
{{- if ne .facts.model "none" }}
- {name: CIRCUITSTREAM_MODEL, value: {{ printf "/models/%s" $root.Values.models.model | quote }}}
{{- end }}
{{- if eq .facts.model "required" }}
- {name: CIRCUITSTREAM_TRANSCODER, value: {{ printf "/models/%s" $root.Values.models.transcoder | quote }}}
{{- end }}
{{- if and .facts.state .facts.group }}
# Named members: an instance that comes back in time has its partitions and its state still.
- name: CIRCUITSTREAM_INSTANCE_ID
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- {name: KAFKA_CONSUMER_SESSION_TIMEOUT_MS, value: "{{ mul 1000 (int $values.sessionTimeoutSeconds) }}"}
{{- end }}
{{- with $values.endpointToken }}
{{ include "circuitstream.secretVariable" (dict "name" "CIRCUITSTREAM_DESCRIPTION_ENDPOINT_TOKEN" "secret" . "service" $.name) }}
{{- end }}
{{- if $values.key }}
- {name: CIRCUITSTREAM_AUDIT_KEY, value: {{ printf "/secrets/audit/%s" $values.key.secretKey | quote }}}
{{- end }}
{{- if $values.rules }}
- {name: CIRCUITSTREAM_AUDIT_RULES, value: /config/rules.yaml}
{{- end }}
{{- if $values.token }}
- {name: CIRCUITSTREAM_DASHBOARD_TOKEN_FILE, value: {{ printf "/secrets/dashboard/%s" $values.token.secretKey | quote }}}
{{- end }}
{{- if $values.tokens }}
- {name: CIRCUITSTREAM_DASHBOARD_TOKENS_FILE, value: {{ printf "/secrets/dashboard-tokens/%s" $values.tokens.secretKey | quote }}}
{{- end }}
{{- range $key, $value := $values.settings }}
- {name: CIRCUITSTREAM_{{ $key | replace "." "_" | upper }}, value: {{ include "circuitstream.text" $value | quote }}}
{{- end }}
{{- end }}

{{- define "circuitstream.service.mounts" -}}
- {name: tmp, mountPath: /tmp}
- {name: state, mountPath: /state}
{{- if ne .facts.model "none" }}
{{- include "circuitstream.models.mount" .root }}
{{- end }}
{{- include "circuitstream.kafkaFiles.mount" (dict "root" .root "service" .name) }}
{{- if .values.key }}
- {name: audit-key, mountPath: /secrets/audit, readOnly: true}
{{- end }}
{{- if .values.rules }}
- {name: rules, mountPath: /config, readOnly: true}
{{- end }}
{{- if .values.token }}
- {name: dashboard-token, mountPath: /secrets/dashboard, readOnly: true}
{{- end }}
{{- if .values.tokens }}
- {name: dashboard-tokens, mountPath: /secrets/dashboard-tokens, readOnly: true}
{{- end }}
{{- end }}

{{- define "circuitstream.service.volumes" -}}
- name: tmp
  emptyDir: {sizeLimit: {{ .values.tmpSizeLimit }}}
{{- if not .facts.state }}
- name: state
  emptyDir: {sizeLimit: 64Mi}
{{- end }}
{{- if ne .facts.model "none" }}
{{- include "circuitstream.models.volume" .root }}
{{- end }}
{{- include "circuitstream.kafkaFiles.volume" (dict "root" .root "service" .name) }}
{{- with .values.key }}
- name: audit-key
  secret: {secretName: {{ .secretName }}, defaultMode: 0440, items: [{key: {{ .secretKey }}, path: {{ .secretKey }}}]}
{{- end }}
{{- if .values.rules }}
- name: rules
  configMap: {name: {{ include "circuitstream.name" .root }}-audit-rules}
{{- end }}
{{- with .values.token }}
- name: dashboard-token
  secret: {secretName: {{ .secretName }}, defaultMode: 0440, items: [{key: {{ .secretKey }}, path: {{ .secretKey }}}]}
{{- end }}
{{- with .values.tokens }}
- name: dashboard-tokens
  secret: {secretName: {{ .secretName }}, defaultMode: 0440, items: [{key: {{ .secretKey }}, path: {{ .secretKey }}}]}
{{- end }}
{{- end }}

{{/* The pod's template, the same for Deployment and StatefulSet. */}}
{{- define "circuitstream.service.template" -}}
{{- $labels := dict "root" .root "service" .name -}}
metadata:
  labels:
    {{- include "circuitstream.labels" $labels | nindent 4 }}
    {{- with .values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- include "circuitstream.pod" (dict "root" .root "values" .values) | nindent 2 }}
  # The record in work, then what is closed after it.
  terminationGracePeriodSeconds: {{ add 20 (int .values.shutdownTimeoutSeconds) }}
  affinity:
    {{- if .values.affinity }}
    {{- toYaml .values.affinity | nindent 4 }}
    {{- else }}
    podAntiAffinity:
      preferredDuringSchedulingIgnoredDuringExecution:
        - weight: 100
          podAffinityTerm:
            topologyKey: kubernetes.io/hostname
            labelSelector:
              matchLabels:
                {{- include "circuitstream.selector" $labels | nindent 16 }}
    {{- end }}
  {{- if ne .facts.model "none" }}
  {{- with include "circuitstream.models.fetch" .root | trim }}
  initContainers:
    {{- . | nindent 4 }}
  {{- end }}
  {{- end }}
  containers:
    - name: {{ .name }}
      image: {{ include "circuitstream.image" $labels }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      securityContext:
        {{- include "circuitstream.containerSecurity" .root | nindent 8 }}
      ports:
        - {name: http, containerPort: 8080}
      env:
        {{- include "circuitstream.service.environment" . | nindent 8 }}
      # Answers once the model is loaded.
      startupProbe:
        httpGet: {path: /livez, port: http}
        periodSeconds: 5
        failureThreshold: {{ ceil (divf .values.startupTimeoutSeconds 5) }}
      # Does not depend on the brokers.
      livenessProbe:
        httpGet: {path: /livez, port: http}
        periodSeconds: 10
        timeoutSeconds: 3
        failureThreshold: 3
      readinessProbe:
        httpGet: {path: /readyz, port: http}
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      volumeMounts:
        {{- include "circuitstream.service.mounts" . | nindent 8 }}
  volumes:
    {{- include "circuitstream.service.volumes" . | nindent 4 }}
{{- end }}
