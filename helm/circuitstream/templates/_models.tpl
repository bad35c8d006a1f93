{{/* Where /models comes from: a volume; empty when the image holds it. */}}
{{- define "circuitstream.models.volume" -}}
{{- $models := .Values.models -}}
{{- if $models.claimName }}
- name: models
  persistentVolumeClaim: {claimName: {{ $models.claimName }}, readOnly: true}
{{- else if or $models.s3.uri $models.oci.reference }}
- name: models
  emptyDir: {sizeLimit: {{ $models.sizeLimit }}}
{{- end }}
{{- if and $models.oci.reference $models.oci.secretName }}
- name: models-registry
  secret:
    secretName: {{ $models.oci.secretName }}
    items: [{key: .dockerconfigjson, path: config.json}]
{{- end }}
{{- end }}

{{- define "circuitstream.models.mount" -}}
{{- if not .Values.models.baked }}
- {name: models, mountPath: /models, readOnly: true}
{{- end }}
{{- end }}

{{/* The init container that fills /models; empty when nothing is to be fetched. */}}
{{- define "circuitstream.models.fetch" -}}
{{- $models := .Values.models -}}
{{- if $models.s3.uri }}
- name: models
  image: {{ $models.s3.image }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args: [s3, cp, --recursive, --no-progress, {{ $models.s3.uri | quote }}, /models]
  env:
    - {name: HOME, value: /tmp}
    - {name: AWS_REGION, value: {{ $models.s3.region | quote }}}
    {{- with $models.s3.endpoint }}
    - {name: AWS_ENDPOINT_URL, value: {{ . | quote }}}
    {{- end }}
    {{- with $models.s3.secretName }}
    - name: AWS_ACCESS_KEY_ID
      valueFrom: {secretKeyRef: {name: {{ . }}, key: AWS_ACCESS_KEY_ID}}
    - name: AWS_SECRET_ACCESS_KEY
      valueFrom: {secretKeyRef: {name: {{ . }}, key: AWS_SECRET_ACCESS_KEY}}
    {{- end }}
{{- include "circuitstream.models.fetchContainer" . }}
{{- else if $models.oci.reference }}
- name: models
  image: {{ $models.oci.image }}
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  args: [pull, --output, /models, {{ $models.oci.reference | quote }}]
  env:
    - {name: HOME, value: /tmp}
    {{- if $models.oci.secretName }}
    - {name: DOCKER_CONFIG, value: /registry}
    {{- end }}
{{- include "circuitstream.models.fetchContainer" . }}
    {{- if $models.oci.secretName }}
    - {name: models-registry, mountPath: /registry, readOnly: true}
    {{- end }}
{{- end }}
{{- end }}

{{/* Ends in the list of mounts, for more of them. */}}
{{- define "circuitstream.models.fetchContainer" }}
  securityContext:
    {{- include "circuitstream.containerSecurity" . | nindent 4 }}
  resources:
    requests: {cpu: 100m, memory: 256Mi}
    limits: {cpu: "1", memory: 1Gi}
  volumeMounts:
    - {name: models, mountPath: /models}
    - {name: tmp, mountPath: /tmp}
{{- end }}
