package io.circuitstream.standalone;

import io.circuitstream.audit.chain.SigningKey;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.testkit.LoopbackCluster;
import io.circuitstream.testkit.Rights;
import io.circuitstream.testkit.SecureCluster;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Brokers with TLS, SCRAM and the rights of docs/security.md, and what the services beside the stages need. */
final class SecureBrokers implements ProcessDeployment.Brokers {
    private final SecureCluster cluster;
    private final Path auditKey;
    private final Map<String, Integer> ports = new HashMap<>();

    SecureBrokers(Path folder) throws Exception {
        cluster = new SecureCluster(folder);
        auditKey = folder.resolve("audit-key.pem");
        SigningKey.generate(auditKey, folder.resolve("audit-key.pub.pem"));
    }

    SecureCluster cluster() {
        return cluster;
    }

    /** Where a service answers over HTTP. */
    URI http(String service) {
        return URI.create("http://127.0.0.1:" + ports.get(service));
    }

    /** Gives a user its rights when it is seen for the first time. */
    @Override
    public Map<String, String> settings(String user) throws Exception {
        if (!ports.containsKey(user)) {
            cluster.allow(Rights.of(user));
            ports.put(user, LoopbackCluster.freePort());
        }
        Map<String, String> settings = new HashMap<>(Map.of(
                CommonSettings.BOOTSTRAP_SERVERS.key(), cluster.bootstrapServers(),
                CommonSettings.REGISTRY_URL.key(), cluster.registryUrl(),
                CommonSettings.REGISTRY_USER_INFO.key(), cluster.registryUser(),
                CommonSettings.HTTP_PORT.key(), ports.get(user).toString()));
        cluster.client(user).forEach((key, value) -> settings.put("kafka." + key, value));
        if (user.equals("audit")) {
            settings.put("circuitstream.audit.key", auditKey.toString());
        }
        return settings;
    }

    @Override
    public Map<String, String> administrator() {
        return Map.of(
                CommonSettings.BOOTSTRAP_SERVERS.key(),
                cluster.administratorServers(),
                CommonSettings.TOPIC_REPLICATION.key(),
                "1");
    }

    @Override
    public void close() {
        cluster.close();
    }
}
