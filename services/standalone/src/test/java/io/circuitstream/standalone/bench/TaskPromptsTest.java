package io.circuitstream.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.events.PromptSubmitted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskPromptsTest {
    private static final Path MODEL = Path.of("..", "..", "models", "tiny-ten");

    @Test
    void shouldBeTheSamplesAndThenEveryTasksHeldOutPromptsWhenRead() throws IOException {
        List<String> prompts = TaskPrompts.read(MODEL);

        assertThat(prompts.subList(0, 10)).isEqualTo(TaskPrompts.samples(MODEL));
        assertThat(prompts)
                .hasSize(204)
                .contains("fact : the capital of the state containing dallas is", "calc : 9 6 + 4 9 =")
                .allMatch(prompt -> !prompt.isBlank());
    }

    @Test
    void shouldGoRoundWhenMoreAreAskedForThanThereAre() {
        List<PromptSubmitted> requests = TaskPrompts.requests(List.of("a", "b"), 3, "r");

        assertThat(requests).extracting(PromptSubmitted::getText).containsExactly("a", "b", "a");
        assertThat(requests).extracting(PromptSubmitted::getPromptId).containsExactly("r-0", "r-1", "r-2");
    }
}
