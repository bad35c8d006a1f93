package io.circuitstream.packaging.helm;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What every pod must be, whatever the values: Kubernetes' restricted profile, limits, images that can be told apart. */
final class PodRules {
    private PodRules() {}

    /** One line for each rule that is broken. */
    static List<String> broken(PodTemplateSpec pods) {
        List<String> broken = new ArrayList<>();
        PodSpec spec = pods.getSpec();
        var security = spec.getSecurityContext();
        require(broken, Boolean.TRUE.equals(security.getRunAsNonRoot()), "runs as root");
        require(broken, security.getRunAsUser() != null && security.getRunAsUser() > 0, "has no user");
        require(broken, security.getFsGroup() != null && security.getFsGroup() > 0, "has no group for volumes");
        require(
                broken,
                security.getSeccompProfile() != null
                        && "RuntimeDefault".equals(security.getSeccompProfile().getType()),
                "has no seccomp profile");
        require(broken, Boolean.FALSE.equals(spec.getAutomountServiceAccountToken()), "has the API's token");
        require(broken, Boolean.FALSE.equals(spec.getEnableServiceLinks()), "has variables of other services");
        require(broken, !Boolean.TRUE.equals(spec.getHostNetwork()), "is in the host's network");
        require(broken, !Boolean.TRUE.equals(spec.getHostPID()), "sees the host's processes");
        Set<String> volumes = spec.getVolumes().stream().map(Volume::getName).collect(Collectors.toSet());
        for (Volume volume : spec.getVolumes()) {
            require(broken, volume.getHostPath() == null, volume.getName() + " is the host's");
            require(
                    broken,
                    volume.getEmptyDir() == null || volume.getEmptyDir().getSizeLimit() != null,
                    volume.getName() + " has no limit");
        }
        require(broken, volumes.contains("tmp"), "cannot write to /tmp");
        Manifests.containers(pods).forEach(container -> container(broken, container));
        return broken;
    }

    private static void container(List<String> broken, Container container) {
        String name = container.getName() + " ";
        SecurityContext security = Objects.requireNonNullElseGet(container.getSecurityContext(), SecurityContext::new);
        require(broken, Boolean.TRUE.equals(security.getReadOnlyRootFilesystem()), name + "can write its file system");
        require(broken, Boolean.FALSE.equals(security.getAllowPrivilegeEscalation()), name + "can gain privileges");
        require(
                broken,
                security.getCapabilities() != null
                        && security.getCapabilities().getDrop().equals(List.of("ALL"))
                        && security.getCapabilities().getAdd().isEmpty(),
                name + "has capabilities");
        require(broken, !Boolean.TRUE.equals(security.getPrivileged()), name + "is privileged");
        var resources = container.getResources();
        for (String resource : List.of("cpu", "memory")) {
            require(
                    broken,
                    resources != null
                            && resources.getLimits() != null
                            && resources.getLimits().containsKey(resource)
                            && resources.getRequests() != null
                            && resources.getRequests().containsKey(resource),
                    name + "has no request or limit of " + resource);
        }
        require(
                broken,
                container.getImage().matches("\\S+(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][A-Za-z0-9_.-]*)")
                        && !container.getImage().endsWith(":latest"),
                name + "has the image " + container.getImage());
        require(
                broken,
                container.getVolumeMounts().stream()
                        .anyMatch(mount -> mount.getMountPath().equals("/tmp")),
                name + "cannot write to /tmp");
    }

    private static void require(List<String> broken, boolean holds, String otherwise) {
        if (!holds) {
            broken.add(otherwise);
        }
    }
}
