package io.circuitstream.platform.topics;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** What the brokers say that their user may do; empty sets where it may not even ask. */
final class GrantedRights {
    private GrantedRights() {}

    static Map<String, Set<AclOperation>> onTopics(Admin admin, Set<String> names) {
        Map<String, Set<AclOperation>> rights = new TreeMap<>();
        DescribeTopicsOptions options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
        admin.describeTopics(names, options).topicNameValues().forEach((name, answer) -> {
            try {
                putKnown(rights, name, TopicAdmin.await(answer).authorizedOperations());
            } catch (TopicAuthorizationException e) {
                rights.put(name, Set.of());
            } catch (UnknownTopicOrPartitionException e) {
                // Left out: the caller finds it missing.
            }
        });
        return rights;
    }

    static Map<String, Set<AclOperation>> onGroups(Admin admin, Set<String> groups) {
        Map<String, Set<AclOperation>> rights = new TreeMap<>();
        DescribeConsumerGroupsOptions options = new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
        admin.describeConsumerGroups(groups, options).describedGroups().forEach((group, answer) -> {
            try {
                putKnown(rights, group, TopicAdmin.await(answer).authorizedOperations());
            } catch (GroupAuthorizationException e) {
                rights.put(group, Set.of());
            } catch (GroupIdNotFoundException e) {
                // Nobody has been in it: what the user may do with it shows when it is.
            }
        });
        return rights;
    }

    /** Brokers that cannot say what is allowed yield null: then it shows when it is done. */
    private static void putKnown(
            Map<String, Set<AclOperation>> rights, String name, @Nullable Set<AclOperation> operations) {
        if (operations != null) {
            rights.put(name, operations);
        }
    }
}
