package io.circuitstream.platform.topics;

import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/** The brokers' refusals in words that say which right is missing: Kafka's own name no operation, and often no resource. */
public final class Refusals {
    private Refusals() {}

    public static TopicAuthorizationException topic(AclOperation operation, String topic) {
        return new TopicAuthorizationException(message(operation + " on topic " + topic), Set.of(topic));
    }

    public static GroupAuthorizationException group(AclOperation operation, String group) {
        return new GroupAuthorizationException(message(operation + " on group " + group), group);
    }

    /** Of ids that begin with this and end at random. */
    public static TransactionalIdAuthorizationException transactionalIds(String prefix) {
        return new TransactionalIdAuthorizationException(
                message(AclOperation.WRITE + " on transactional ids " + prefix + "*"));
    }

    /** @param missing operations with what they are on */
    static String message(String missing) {
        return "the brokers' user may not " + missing + ": grant it; docs/security.md lists who needs what";
    }
}
