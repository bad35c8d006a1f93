package io.circuitstream.platform.stream;

import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.serde.ReceivedSerde;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.settings.SettingsException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Utils;

/** Makes serdes of the class that the settings name, configured with Confluent's keys. */
final class EventSerdes {

    private final Settings settings;

    EventSerdes(Settings settings) {
        this.settings = settings;
    }

    @SuppressWarnings("unchecked") // the class is a setting; what it reads is checked record by record
    <T extends SpecificRecord> Serde<T> event(Class<T> type) {
        String className = settings.get(CommonSettings.SERDE_CLASS);
        try {
            Serde<T> serde = Utils.newInstance(className, Serde.class);
            serde.configure(configuration(type), false);
            return serde;
        } catch (ClassNotFoundException | KafkaException e) {
            throw new SettingsException(CommonSettings.SERDE_CLASS.key() + " = '" + className
                    + "' is not a serde that can be made: " + e.getMessage());
        }
    }

    <T extends SpecificRecord> Serde<Received<T>> received(Class<T> type) {
        return new ReceivedSerde<>(event(type), type);
    }

    private Map<String, Object> configuration(Class<?> type) {
        Map<String, Object> configuration = new HashMap<>(settings.kafka().producer());
        configuration.put("schema.registry.url", settings.get(CommonSettings.REGISTRY_URL));
        configuration.put("specific.avro.reader", true);
        configuration.put("specific.avro.value.type", type.getName());
        settings.find(CommonSettings.REGISTRY_USER_INFO).ifPresent(userInfo -> {
            configuration.put("basic.auth.credentials.source", "USER_INFO");
            configuration.put("basic.auth.user.info", userInfo);
        });
        settings.find(CommonSettings.REGISTRY_BEARER_TOKEN).ifPresent(token -> {
            configuration.put("bearer.auth.credentials.source", "STATIC_TOKEN");
            configuration.put("bearer.auth.token", token);
        });
        return configuration;
    }
}
