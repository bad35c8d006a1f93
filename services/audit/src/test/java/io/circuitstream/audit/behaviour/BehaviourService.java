package io.circuitstream.audit.behaviour;

import io.circuitstream.audit.CandidateFinding;
import io.circuitstream.audit.DriftLimits;
import io.circuitstream.audit.RuleReference;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.RuleKind;
import io.circuitstream.events.Severity;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;

/** The windowed part as a service of its own; drifts are written to the findings topic without a chain. */
final class BehaviourService {
    private static final RuleReference RULE = new RuleReference("drift", RuleKind.DRIFT, "1", "1", Severity.WARNING);
    static final List<DriftLimits> RULES = List.of(new DriftLimits(RULE, DriftLimits.Measure.FEATURES, .1, .05));

    private BehaviourService() {}

    static Settings settings(String broker, String registry, Path state, Map<String, String> own) {
        List<Setting<?>> declared = new ArrayList<>(CommonSettings.all());
        declared.addAll(BehaviourSettings.all());
        Map<String, String> values = new HashMap<>(own);
        values.put(CommonSettings.BOOTSTRAP_SERVERS.key(), broker);
        values.put(CommonSettings.REGISTRY_URL.key(), registry);
        values.put(CommonSettings.STATE_DIR.key(), state.toString());
        return Settings.of(declared, values);
    }

    static ServiceContext context(Settings settings) {
        return ServiceContext.of("audit", settings, event -> {});
    }

    static Topology topology(ServiceContext service) {
        return topology(service, partition -> new BrokerLookahead(service, partition));
    }

    static Topology topology(ServiceContext service, Lookahead.Source ahead) {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, Received<Circuit>> circuits = builder.stream(
                service.topic(Event.CIRCUITS),
                Consumed.with(Serdes.String(), service.received(Circuit.class)).withName("circuits"));
        KStream<String, Received<ValidationReport>> validations = builder.stream(
                service.topic(Event.VALIDATIONS),
                Consumed.with(Serdes.String(), service.received(ValidationReport.class))
                        .withName("validations"));
        BehaviourTopology.add(service, circuits, validations, () -> RULES, ahead)
                .mapValues(CandidateFinding::finding)
                .to(
                        service.topic(Event.FINDINGS),
                        Produced.with(Serdes.String(), service.result(Event.FINDINGS, AuditFinding.class))
                                .withName("findings"));
        return builder.build();
    }
}
