package io.circuitstream.audit;

import io.circuitstream.audit.chain.SigningKey;
import io.circuitstream.audit.rules.RuleFile;
import io.circuitstream.audit.rules.RuleSource;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StreamService;

/** The audit service as its settings say. */
public final class Audit {
    private Audit() {}

    /**
     * Reads key and rules and builds the topology; connects to nothing.
     *
     * @throws io.circuitstream.platform.stream.StartupException when key or rules cannot be used
     */
    public static StreamService of(ServiceContext context) {
        Settings settings = context.settings();
        SigningKey key = SigningKey.load(settings.get(AuditSettings.KEY));
        AuditMetrics metrics = new AuditMetrics(context.registry());
        RuleSource rules = settings.find(AuditSettings.RULES)
                .map(file ->
                        RuleSource.watching(file, settings.get(AuditSettings.RULES_INTERVAL), metrics::rulesChanged))
                .orElseGet(() -> RuleSource.fixed(RuleFile.builtIn()));
        return context.service(AuditTopology.of(context, rules, key, metrics), rules);
    }
}
