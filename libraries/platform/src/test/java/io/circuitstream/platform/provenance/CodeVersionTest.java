package io.circuitstream.platform.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodeVersionTest {

    @Test
    void shouldHaveBeenFilledInByTheBuild() {
        assertThat(CodeVersion.current().version()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
        assertThat(CodeVersion.current().commit()).isNotBlank().doesNotContain("${");
    }
}
