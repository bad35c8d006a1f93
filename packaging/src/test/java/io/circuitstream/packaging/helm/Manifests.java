package io.circuitstream.packaging.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.packaging.Repository;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Rendered YAML as the objects that a cluster's API would make of it. */
final class Manifests {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Manifests() {}

    /** One object for each document, of the type of its kind; KEDA's, of which there is no library, stay generic. */
    static List<HasMetadata> typed(String yaml) {
        return Repository.documents(yaml).stream().map(Manifests::object).toList();
    }

    private static HasMetadata object(JsonNode document) {
        String text = document.toString();
        if (document.path("kind").asText().equals("KafkaTopic")) {
            return Serialization.unmarshal(text, KafkaTopic.class);
        }
        return Serialization.unmarshal(text);
    }

    static <T extends HasMetadata> List<T> of(Class<T> type, Collection<HasMetadata> manifests) {
        return manifests.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** The pods that a manifest leads to; empty when it makes none. */
    static Optional<PodTemplateSpec> pods(HasMetadata manifest) {
        if (manifest instanceof Deployment deployment) {
            return Optional.of(deployment.getSpec().getTemplate());
        }
        if (manifest instanceof StatefulSet set) {
            return Optional.of(set.getSpec().getTemplate());
        }
        return manifest instanceof Job job ? Optional.of(job.getSpec().getTemplate()) : Optional.empty();
    }

    static List<Container> containers(PodTemplateSpec pods) {
        return Stream.concat(pods.getSpec().getInitContainers().stream(), pods.getSpec().getContainers().stream())
                .toList();
    }

    /** Fields that the API does not know: misspelled or in the wrong place, where a typed object silently keeps them. */
    static List<String> unknownFields(HasMetadata manifest) {
        List<String> found = new ArrayList<>();
        if (!(manifest instanceof GenericKubernetesResource)) {
            collect(manifest, manifest.getKind(), found);
        }
        return found;
    }

    private static void collect(Object value, String path, List<String> found) {
        if (value instanceof Collection<?> items) {
            int index = 0;
            for (Object item : items) {
                collect(item, path + "[" + index++ + "]", found);
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> collect(item, path + "." + key, found));
        } else if (value != null && isModel(value.getClass())) {
            for (Class<?> type = value.getClass(); isModel(type); type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    collectField(value, field, path, found);
                }
            }
        }
    }

    private static void collectField(Object value, Field field, String path, List<String> found) {
        if (Modifier.isStatic(field.getModifiers())) {
            return;
        }
        try {
            field.setAccessible(true);
            Object content = field.get(value);
            if (field.getName().equals("additionalProperties") && content instanceof Map<?, ?> unknown) {
                unknown.keySet().forEach(key -> found.add(path + "." + key));
            } else {
                collect(content, path + "." + field.getName(), found);
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isModel(Class<?> type) {
        return !type.isEnum()
                && (type.getName().startsWith("io.fabric8.") || type.getName().startsWith("io.strimzi."));
    }

    /** A generic object's content. */
    static JsonNode json(HasMetadata manifest) {
        return JSON.valueToTree(manifest);
    }
}
