package io.circuitstream.audit.behaviour;

import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.digest.Beat;
import io.circuitstream.audit.behaviour.digest.Message;
import io.circuitstream.audit.behaviour.window.Windows;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.platform.settings.Settings;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Keeps digests until their window closes, which a beat decides. A summary, the deletion of what it counted and the note that the
 * window is closed are one transaction: a window has one summary, whatever stops in between.
 */
final class BehaviourProcessor implements Processor<String, Message, String, BehaviourSummary> {
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
                context.getStateStore(BehaviourStores.STATES),
                context.getStateStore(BehaviourStores.ENTRIES),
                System::nanoTime);
    }

    @Override
    public void process(Record<String, Message> record) {
        if (record.value() instanceof Beat beat) {
            windows.beat(beat, this::forward);
        } else if (record.value() instanceof Arrival arrival
                && !windows.add(record.key(), arrival, record.timestamp())) {
            metrics.late(arrival.seen());
        }
    }

    private void forward(BehaviourSummary summary) {
        metrics.closed();
        context.forward(
                new Record<>(summary.getScan(), summary, summary.getWindowEnd().toEpochMilli()));
    }
}
