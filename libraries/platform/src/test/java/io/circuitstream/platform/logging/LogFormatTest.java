package io.circuitstream.platform.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.status.Status;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class LogFormatTest {
    private static final String MESSAGE = "only this test says so";

    @Test
    void shouldWriteAJsonObjectWithTheVocabularyWhenAskedFor() throws Exception {
        JsonNode line = new ObjectMapper().readTree(logged("json"));

        assertThat(line.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "@timestamp",
                        "level",
                        "logger_name",
                        "thread_name",
                        "message",
                        "promptId",
                        "offset",
                        "stack_trace");
        assertThat(line.path("message").asText()).isEqualTo(MESSAGE);
        assertThat(line.path("promptId").asText()).isEqualTo("p \"1\"");
        assertThat(line.path("offset").asLong()).isEqualTo(7);
        assertThat(line.path("@timestamp").asText()).endsWith("Z");
    }

    @Test
    void shouldWriteALineWithKeyValuesAtItsEndWhenNothingIsSaid() throws Exception {
        assertThat(logged("text")).endsWith("Test: " + MESSAGE + " promptId=\"p \"1\"\" offset=\"7\"\n");
    }

    /** The line as it is written with the configuration that services have. */
    private static String logged(String format) throws Exception {
        LoggerContext context = new LoggerContext();
        try {
            context.setMDCAdapter(new LogbackMDCAdapter());
            context.putProperty("LOG_FORMAT", format);
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(LogFormatTest.class.getResource("/logback.xml"));
            // Logback prints all it has to say when it warns of anything.
            assertThat(context.getStatusManager().getCopyOfStatusList())
                    .allSatisfy(status -> assertThat(status.getLevel()).isLessThan(Status.WARN));
            Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
            var console = (ConsoleAppender<ILoggingEvent>) root.getAppender("stderr");
            assertThat(console.getTarget()).isEqualTo("System.err");
            root.detachAndStopAllAppenders();
            console.getEncoder().start();
            ListAppender<ILoggingEvent> events = new ListAppender<>();
            events.start();
            root.addAppender(events);
            context.getLogger("io.circuitstream.Test")
                    .atError()
                    .addKeyValue(LogKeys.PROMPT_ID, "p \"1\"")
                    .addKeyValue(LogKeys.OFFSET, 7)
                    .setCause(format.equals("json") ? new IllegalStateException("x") : null)
                    .log(MESSAGE);
            return new String(console.getEncoder().encode(events.list.get(0)), UTF_8);
        } finally {
            context.stop();
        }
    }
}
