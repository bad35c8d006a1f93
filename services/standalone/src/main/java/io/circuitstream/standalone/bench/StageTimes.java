package io.circuitstream.standalone.bench;

import io.circuitstream.platform.stream.StageMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Seconds that each stage of a deployment has worked so far, serialising and waiting left out. */
record StageTimes(Map<String, Double> seconds) {

    static StageTimes of(MeterRegistry meters) {
        Map<String, Double> seconds = new TreeMap<>();
        for (Timer timer : meters.get(StageMetrics.COMPUTE).timers()) {
            seconds.put(timer.getId().getTag("stage"), timer.totalTime(TimeUnit.NANOSECONDS) / 1e9);
        }
        return new StageTimes(seconds);
    }

    StageTimes since(StageTimes before) {
        Map<String, Double> passed = new TreeMap<>(seconds);
        passed.replaceAll((stage, now) -> now - before.seconds.getOrDefault(stage, 0.0));
        return new StageTimes(passed);
    }

    double sum() {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
