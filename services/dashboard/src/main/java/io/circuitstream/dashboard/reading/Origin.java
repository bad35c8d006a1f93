package io.circuitstream.dashboard.reading;

import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.stream.ServiceContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Which topics there are: offsets of others, though of the same names, mean other records.
 *
 * @param topics the brokers' id of each: another one after it was deleted and made anew
 */
record Origin(String cluster, Map<String, String> topics) {
    private static final byte[] CLUSTER = Key.of('M').end("cluster");
    private static final char TOPIC = 'I';

    /**
     * As the brokers say.
     *
     * @throws KafkaException when they do not
     */
    static Origin ask(ServiceContext context, Collection<String> names, Duration patience) {
        Map<String, Object> properties =
                new HashMap<>(context.settings().kafka().admin());
        properties.put(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, context.settings().get(CommonSettings.BOOTSTRAP_SERVERS));
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, context.applicationId() + "-origin");
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis() / 2);
        Map<String, String> ids = new TreeMap<>();
        try (Admin admin = Admin.create(properties)) {
            admin.describeTopics(names)
                    .allTopicNames()
                    .get()
                    .forEach((name, topic) -> ids.put(name, topic.topicId().toString()));
            return new Origin(admin.describeCluster().clusterId().get(), ids);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
    }

    /**
     * Returns when the store was read from here, or is new and from now on is.
     *
     * @throws ForeignStoreException when it was read from elsewhere
     */
    void require(Store store) {
        String before = text(store.get(CLUSTER));
        if (before != null && !before.equals(cluster)) {
            throw new ForeignStoreException("the store in " + store.folder() + " was read from the Kafka cluster "
                    + before + ", these brokers are the cluster " + cluster
                    + ": set the right brokers or another state folder, or delete this one to read everything anew");
        }
        topics.forEach((topic, id) -> {
            String known = text(store.get(key(topic)));
            if (known != null && !known.equals(id)) {
                throw new ForeignStoreException("the topic " + topic + " was deleted and made anew after the store in "
                        + store.folder() + " had been read from it: delete the folder to read everything anew");
            }
        });
        try (Step step = store.step()) {
            step.put(CLUSTER, cluster.getBytes(StandardCharsets.UTF_8));
            topics.forEach((topic, id) -> step.put(key(topic), id.getBytes(StandardCharsets.UTF_8)));
            step.commit();
        }
    }

    private static byte[] key(String topic) {
        return Key.of(TOPIC).end(topic);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
