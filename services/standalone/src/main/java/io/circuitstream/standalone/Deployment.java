package io.circuitstream.standalone;

import io.circuitstream.attribution.AttributionStage;
import io.circuitstream.attribution.AttributionTopology;
import io.circuitstream.audit.Audit;
import io.circuitstream.audit.AuditSettings;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.dashboard.Dashboard;
import io.circuitstream.dashboard.DashboardSettings;
import io.circuitstream.dashboard.traces.ServedModel;
import io.circuitstream.description.Describer;
import io.circuitstream.description.DescriptionSettings;
import io.circuitstream.description.DescriptionTopology;
import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.inference.InferenceSettings;
import io.circuitstream.inference.InferenceStage;
import io.circuitstream.inference.InferenceTopology;
import io.circuitstream.inference.SteeringStage;
import io.circuitstream.platform.health.Health;
import io.circuitstream.platform.health.Meters;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.ModelSettings;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.Lifecycle;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StreamService;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import io.circuitstream.pruning.PruningStage;
import io.circuitstream.pruning.PruningTopology;
import io.circuitstream.validation.ValidationStage;
import io.circuitstream.validation.ValidationTopology;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broker, registry, topics, the four stages, description, audit and the dashboard in this process. Data stay in the folder and survive a
 * restart. For one start and one stop; {@link #close} ends everything in the reverse order of the start.
 */
public final class Deployment implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Deployment.class);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    /** Health is asked for while they start. */
    private final List<StreamService> services = new CopyOnWriteArrayList<>();

    private final PrometheusMeterRegistry registry = Meters.registry();
    private final Settings settings;
    private final Dashboard dashboard;
    private Path auditKey = Path.of("");

    /**
     * What to start.
     *
     * @param ports 0 takes a free one
     * @param evaluation of the transcoder, for the dashboard; null when there is none
     * @param auditRules rule file of the audit; null for the built-in rules
     * @param page settings of the dashboard beside these, such as its address
     */
    public record Options(
            Path data,
            Ports ports,
            Path model,
            Path transcoder,
            int threads,
            int maxTokens,
            @Nullable Path evaluation,
            @Nullable Path auditRules,
            Map<String, String> page) {

        public Options {
            page = Map.copyOf(page);
        }

        /** With the page on loopback. */
        public Options(
                Path data,
                Ports ports,
                Path model,
                Path transcoder,
                int threads,
                int maxTokens,
                @Nullable Path evaluation,
                @Nullable Path auditRules) {
            this(data, ports, model, transcoder, threads, maxTokens, evaluation, auditRules, Map.of());
        }

        /** Without an evaluation, with the built-in rules. */
        public Options(Path data, Ports ports, Path model, Path transcoder, int threads, int maxTokens) {
            this(data, ports, model, transcoder, threads, maxTokens, null, null);
        }
    }

    /** Where to listen; broker and registry do so on loopback. */
    public record Ports(int http, int kafka, int registry) {
        public static final Ports ANY = new Ports(0, 0, 0);
    }

    private Deployment(Options options) throws InterruptedException {
        try {
            TraceableModel model = open(TraceableModel.load(options.model(), options.transcoder(), options.threads()));
            EmbeddedBroker broker = open(EmbeddedBroker.start(
                    options.data().resolve("kafka"), options.ports().kafka()));
            EmbeddedRegistry schemas = open(EmbeddedRegistry.start(
                    options.data().resolve("registry"), options.ports().registry()));
            Map<String, String> values = values(options, broker.bootstrapServers(), schemas.url());
            settings = settings(values, InferenceSettings.all());
            try (TopicAdmin admin = TopicAdmin.of(settings)) {
                admin.apply(admin.plan(TopicSpec.all(settings)));
            }
            dashboard = open(dashboard(options, model, values));
            // Beside the stages: its store and server take about as long as one of them.
            CompletableFuture<Void> page = CompletableFuture.runAsync(dashboard::start);
            start(
                    "inference",
                    settings,
                    c -> InferenceTopology.of(
                            c,
                            new InferenceStage(model, options.maxTokens()),
                            new SteeringStage(model, options.maxTokens())));
            start("attribution", settings, c -> AttributionTopology.of(c, new AttributionStage(model)));
            start("pruning", settings, c -> PruningTopology.of(c, new PruningStage()));
            start("validation", settings, c -> ValidationTopology.of(c, new ValidationStage(model)));
            start(
                    "description",
                    settings(descriptionValues(values), DescriptionSettings.all()),
                    c -> DescriptionTopology.of(c, new Describer(model), feature -> {}));
            audit(options, values);
            for (StreamService service : services) {
                service.awaitRunning(START_LIMIT);
            }
            await(page);
        } catch (RuntimeException | InterruptedException e) {
            close();
            throw e;
        }
    }

    /**
     * Returns when every stage has its partitions.
     *
     * @throws io.circuitstream.circuits.files.ModelFileException when model or transcoder cannot be used
     * @throws io.circuitstream.embedded.EmbeddedException when the folder or a port is in use
     */
    public static Deployment start(Options options) throws InterruptedException {
        return new Deployment(options);
    }

    private static void await(CompletableFuture<Void> started) {
        try {
            started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.push(resource);
        return resource;
    }

    /** With a key of this deployment's own, made at its first start. */
    private void audit(Options options, Map<String, String> values) {
        AuditKey key = AuditKey.in(options.data());
        auditKey = key.verifying();
        Map<String, String> own = new HashMap<>(values);
        own.remove(ModelSettings.MODEL.key());
        own.remove(ModelSettings.TRANSCODER.key());
        own.put(AuditSettings.KEY.key(), key.secret().toString());
        Path rules = options.auditRules();
        if (rules != null) {
            own.put(AuditSettings.RULES.key(), rules.toString());
        }
        run(Audit.of(ServiceContext.of("audit", settings(own, AuditSettings.all()), registry)));
    }

    private void start(String name, Settings own, Function<ServiceContext, Topology> topology) {
        ServiceContext context = ServiceContext.of(name, own, registry);
        run(context.service(topology.apply(context)));
    }

    private void run(StreamService made) {
        StreamService service = open(made);
        services.add(service);
        service.start();
    }

    private static Map<String, String> values(Options options, String bootstrapServers, String registryUrl) {
        return Map.of(
                CommonSettings.BOOTSTRAP_SERVERS.key(),
                bootstrapServers,
                CommonSettings.REGISTRY_URL.key(),
                registryUrl,
                CommonSettings.STATE_DIR.key(),
                options.data().resolve("state").toString(),
                CommonSettings.TOPIC_REPLICATION.key(),
                "1",
                ModelSettings.MODEL.key(),
                options.model().toString(),
                ModelSettings.TRANSCODER.key(),
                options.transcoder().toString());
    }

    /** One share: more would be for other processes, and each takes stores of its own. */
    private static Map<String, String> descriptionValues(Map<String, String> values) {
        Map<String, String> own = new HashMap<>(values);
        own.put(DescriptionSettings.SHARES.key(), "1");
        return own;
    }

    private Dashboard dashboard(Options options, TraceableModel model, Map<String, String> values) {
        Map<String, String> own = new HashMap<>(values);
        own.remove(ModelSettings.TRANSCODER.key());
        own.putAll(options.page());
        own.put(
                DashboardSettings.HTTP_PORT.key(),
                Integer.toString(options.ports().http()));
        Path evaluation = options.evaluation();
        if (evaluation != null) {
            own.put(DashboardSettings.EVALUATION.key(), evaluation.toString());
        }
        ServedModel served = new ServedModel(
                model.model().name(),
                model.model().hash(),
                model.transcoder().scan(),
                model.model().config().layers(),
                features(model),
                Math.min(options.maxTokens(), model.model().config().maxPositions()));
        return new Dashboard(
                ServiceContext.of("dashboard", settings(own, DashboardSettings.all()), registry),
                new Dashboard.Model(model.model().tokens(), served),
                new CombinedHealth());
    }

    private static long features(TraceableModel model) {
        long features = 0;
        for (int layer = 0; layer < model.model().config().layers(); layer++) {
            features += model.transcoder().features(layer);
        }
        return features;
    }

    private static Settings settings(Map<String, String> values, List<Setting<?>> own) {
        List<Setting<?>> declared = new ArrayList<>(CommonSettings.all());
        declared.addAll(own);
        return Settings.of(declared, values);
    }

    /** With which a client of this deployment is configured. */
    public Settings settings() {
        return settings;
    }

    public String bootstrapServers() {
        return settings.get(CommonSettings.BOOTSTRAP_SERVERS);
    }

    public String registryUrl() {
        return settings.get(CommonSettings.REGISTRY_URL);
    }

    /** Where the dashboard answers, and /livez, /readyz and /metrics. */
    public URI http() {
        return dashboard.uri();
    }

    /** The public key that the audit's checkpoints are verified with, a PEM file. */
    public Path auditKey() {
        return auditKey;
    }

    /** What the stages count, as at /metrics. */
    public MeterRegistry meters() {
        return registry;
    }

    /** Waits until a stage fails or everything is closed; the exit code of the process. */
    public int blockUntilClosed() throws InterruptedException {
        int code = 0;
        for (StreamService service : services) {
            code = Math.max(code, service.blockUntilClosed());
        }
        return code;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable resource = opened.pop();
            try {
                resource.close();
            } catch (Exception e) {
                log.atWarn()
                        .setCause(e)
                        .log("could not close {}", resource.getClass().getSimpleName());
            }
        }
    }

    private final class CombinedHealth implements Health {
        @Override
        public boolean isLive() {
            return services.stream().noneMatch(s -> s.lifecycle() == Lifecycle.FAILED);
        }

        @Override
        public Optional<String> notReady() {
            return services.stream()
                    .filter(s -> s.lifecycle() != Lifecycle.RUNNING)
                    .map(s -> "a stage is " + s.lifecycle())
                    .findFirst();
        }
    }
}
