package io.circuitstream.standalone.cli;

import io.circuitstream.standalone.Deployment;

/** Where a deployment can be reached, and how to send it a prompt. */
final class Addresses {
    private Addresses() {}

    static String of(Deployment deployment) {
        boolean usual = deployment.bootstrapServers().endsWith(":9092")
                && deployment.registryUrl().endsWith(":8081");
        String flags = usual
                ? ""
                : " --bootstrap-servers " + deployment.bootstrapServers() + " --schema-registry-url "
                        + deployment.registryUrl();
        return """
                Dashboard        %s/
                Kafka            %s
                Schema registry  %s
                Metrics          %s/metrics (health: /livez, /readyz)
                Send a prompt    ./circuitstream trace "fact : the capital of texas is"%s
                Verify audit     ./circuitstream verify-audit --public-key %s%s
                """.formatted(
                        deployment.http(),
                        deployment.bootstrapServers(),
                        deployment.registryUrl(),
                        deployment.http(),
                        flags,
                        deployment.auditKey(),
                        flags);
    }
}
