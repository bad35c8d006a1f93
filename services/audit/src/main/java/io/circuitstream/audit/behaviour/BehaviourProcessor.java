package io.circuitstream.audit.behaviour;

import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.window.Windows;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.platform.settings.Settings;
import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Keeps digests until their window closes, and looks every second for windows to close. A summary, the deletion of what it counted and
 * the note that the window is closed are one transaction: a window has one summary, whatever stops in between.
 */
final class BehaviourProcessor implements Processor<String, Arrival, String, BehaviourSummary> {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Settings settings;
    private final BehaviourMetrics metrics;
    private ProcessorContext<String, BehaviourSummary> context;
    private Windows windows;

    BehaviourProcessor(Settings settings, BehaviourMetrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, BehaviourSummary> context) {
        this.context = context;
        windows = new Windows(
                BehaviourSettings.times(settings),
                BehaviourSettings.limits(settings),
                context.getStateStore(BehaviourStores.SCANS),
                context.getStateStore(BehaviourStores.ENTRIES),
                context.currentSystemTimeMs(),
                System::nanoTime);
        context.schedule(LOOK, PunctuationType.WALL_CLOCK_TIME, now -> windows.close(now, this::forward));
    }

    @Override
    public void process(Record<String, Arrival> record) {
        if (!windows.add(record.key(), record.value(), record.timestamp(), context.currentSystemTimeMs())) {
            metrics.late(record.value().seen());
        }
    }

    private void forward(BehaviourSummary summary) {
        metrics.closed();
        context.forward(
                new Record<>(summary.getScan(), summary, summary.getWindowEnd().toEpochMilli()));
    }
}
