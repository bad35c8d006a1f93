package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is delivered may be delivered: each library has a licence that allows it, by the SBOM and by npm's lock file. */
class LicencesTest {
    private static final Path BOM = Path.of("target/bom.json");
    private static final Path PAGE = Path.of("../dashboard/ui/package-lock.json");

    /** One of several that a library offers is enough. */
    private static final Set<String> ALLOWED =
            Set.of("Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "EPL-2.0", "ISC", "Go License");

    /** Their poms name none; the licence is that of their repositories. */
    private static final Map<String, String> SAID_ELSEWHERE = Map.of(
            "com.hubspot.immutables:immutables-exceptions", "Apache-2.0",
            "com.hubspot:algebra", "Apache-2.0");

    @Test
    void shouldHaveALicenceThatAllowsDeliveryWhenALibraryIsInTheSbom() throws IOException {
        assumeTrue(Files.exists(BOM), "Maven makes no SBOM when it is offline");
        JsonNode bom = new ObjectMapper().readTree(BOM.toFile());
        Map<String, List<String>> licences = new TreeMap<>();
        for (JsonNode component : bom.path("components")) {
            String name = component.path("group").asText() + ":"
                    + component.path("name").asText();
            List<String> offered = new ArrayList<>(component.path("licenses").findValuesAsText("id"));
            offered.addAll(component.path("licenses").findValuesAsText("name"));
            offered.addAll(component.findValuesAsText("expression"));
            licences.put(name, offered);
            assertThat(component.path("version").asText()).as(name).isNotEmpty();
            assertThat(component.path("hashes")).as(name).isNotEmpty();
        }

        assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(licences).containsKeys("org.apache.kafka:kafka-streams", "ai.djl:api", "io.javalin:javalin");
        assertThat(refused(licences)).isEmpty();
    }

    @Test
    void shouldHaveALicenceThatAllowsDeliveryWhenALibraryIsInThePage() throws IOException {
        Map<String, List<String>> licences = new HashMap<>();
        for (Map.Entry<String, JsonNode> found :
                new ObjectMapper().readTree(PAGE.toFile()).path("packages").properties()) {
            if (!found.getKey().isEmpty() && !found.getValue().path("dev").asBoolean()) {
                licences.put(
                        found.getKey(), List.of(found.getValue().path("license").asText()));
            }
        }

        assertThat(licences).containsKey("node_modules/uplot");
        assertThat(refused(licences)).isEmpty();
    }

    private static Map<String, List<String>> refused(Map<String, List<String>> licences) {
        Map<String, List<String>> refused = new TreeMap<>(licences);
        refused.entrySet()
                .removeIf(library -> ALLOWED.contains(SAID_ELSEWHERE.getOrDefault(library.getKey(), ""))
                        || library.getValue().stream().anyMatch(ALLOWED::contains));
        return refused;
    }
}
