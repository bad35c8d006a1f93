{{- define "circuitstream.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* What never changes, for selectors. Takes {root, service}. */}}
{{- define "circuitstream.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- end }}

{{/* Takes {root, service}. */}}
{{- define "circuitstream.labels" -}}
{{ include "circuitstream.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Takes {root, service}: by digest where one is given. */}}
{{- define "circuitstream.image" -}}
{{- $image := .root.Values.image -}}
{{- $name := printf "%s/%s" $image.repository .service -}}
{{- with index $image.digests .service -}}
{{ printf "%s@%s" $name . }}
{{- else -}}
{{ printf "%s:%s" $name ($image.tag | default .root.Chart.AppVersion) }}
{{- end -}}
{{- end }}

{{- define "circuitstream.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (include "circuitstream.name" .) }}
{{- end }}

{{/* Brokers, external or Strimzi's. */}}
{{- define "circuitstream.bootstrapServers" -}}
{{- $kafka := .Values.kafka -}}
{{- if $kafka.strimzi.cluster -}}
{{- printf "%s-kafka-bootstrap.%s.svc:%v" $kafka.strimzi.cluster ($kafka.strimzi.namespace | default .Release.Namespace) $kafka.strimzi.port -}}
{{- else -}}
{{- $kafka.bootstrapServers -}}
{{- end -}}
{{- end }}

{{/* A number as it was written: Helm reads all of them as floats. */}}
{{- define "circuitstream.text" -}}
{{- if and (kindIs "float64" .) (eq (float64 (int64 .)) .) }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end }}

{{/* A Kafka property as a variable: a dot is _, an underscore __, a dash ___. */}}
{{- define "circuitstream.kafkaVariable" -}}
KAFKA_{{ . | replace "_" "__" | replace "-" "___" | replace "." "_" | upper }}
{{- end }}

{{/* Takes {name, secret, service}, where secret is {secretName, secretKey}, in which `{service}` stands for the service. */}}
{{- define "circuitstream.secretVariable" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef: {name: {{ .secret.secretName | replace "{service}" .service }}, key: {{ .secret.secretKey | replace "{service}" .service }}}
{{- end }}

{{/* Files with which brokers are reached, such as a trust store. Take {root, service}. */}}
{{- define "circuitstream.kafkaFiles.mount" -}}
{{- if .root.Values.kafka.filesSecretName }}
- {name: kafka-files, mountPath: /secrets/kafka, readOnly: true}
{{- end }}
{{- end }}

{{- define "circuitstream.kafkaFiles.volume" -}}
{{- with .root.Values.kafka.filesSecretName }}
- name: kafka-files
  secret: {secretName: {{ . | replace "{service}" $.service }}, defaultMode: 0440}
{{- end }}
{{- end }}

{{/* How brokers and registry are reached; every container of ours has it. Takes {root, service}. */}}
{{- define "circuitstream.connection" -}}
{{- $service := .service -}}
{{- with .root -}}
- {name: CIRCUITSTREAM_KAFKA_BOOTSTRAP_SERVERS, value: {{ include "circuitstream.bootstrapServers" . | quote }}}
- {name: CIRCUITSTREAM_SCHEMA_REGISTRY_URL, value: {{ .Values.schemaRegistry.url | quote }}}
- {name: CIRCUITSTREAM_TOPIC_PREFIX, value: {{ .Values.topics.prefix | quote }}}
- {name: CIRCUITSTREAM_APPLICATION_ID_PREFIX, value: {{ .Values.topics.applicationIdPrefix | quote }}}
{{- with .Values.schemaRegistry.serdeClass }}
- {name: CIRCUITSTREAM_SERDE_CLASS, value: {{ . | quote }}}
{{- end }}
{{- with .Values.schemaRegistry.userInfo }}
{{ include "circuitstream.secretVariable" (dict "name" "CIRCUITSTREAM_SCHEMA_REGISTRY_USER_INFO" "secret" . "service" $service) }}
{{- end }}
{{- with .Values.schemaRegistry.bearerToken }}
{{ include "circuitstream.secretVariable" (dict "name" "CIRCUITSTREAM_SCHEMA_REGISTRY_BEARER_TOKEN" "secret" . "service" $service) }}
{{- end }}
{{- range $property, $value := .Values.kafka.properties }}
- {name: {{ include "circuitstream.kafkaVariable" $property }}, value: {{ include "circuitstream.text" $value | quote }}}
{{- end }}
{{- range .Values.kafka.secretProperties }}
{{ include "circuitstream.secretVariable" (dict "name" (include "circuitstream.kafkaVariable" .property) "secret" . "service" $service) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "circuitstream.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "circuitstream.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* What every pod of ours says. Takes {root, values}, values with the fields of `defaults`. */}}
{{- define "circuitstream.pod" -}}
serviceAccountName: {{ include "circuitstream.serviceAccount" .root }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- include "circuitstream.podSecurity" . | nindent 2 }}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}
