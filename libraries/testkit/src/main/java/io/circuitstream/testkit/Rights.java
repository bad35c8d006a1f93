package io.circuitstream.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The rights that the tables of {@code docs/security.md} give to a user. */
public final class Rights {
    private static final Path PAGE = Path.of("../../docs/security.md");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    private final String service;
    private final List<AclBinding> all = new ArrayList<>();

    private Rights(String service) {
        this.service = service;
    }

    /** Those of a service, or of another user that the page names; a service's user has its name. */
    public static List<AclBinding> of(String service) throws IOException {
        Rights rights = new Rights(service);
        String page = Files.readString(PAGE);
        List<List<String>> others = table(page, "| user | may | on |").stream()
                .filter(row -> row.get(0).equals(service))
                .toList();
        if (others.isEmpty()) {
            rights.every(table(page, "| may | on | for |"));
            rights.service(table(page, "| service | may Read"));
        } else {
            rights.every(others.stream().map(row -> row.subList(1, 3)).toList());
        }
        return rights.all;
    }

    private void every(List<List<String>> rows) {
        for (List<String> row : rows) {
            ResourceType type =
                    switch (row.get(1).substring(0, row.get(1).indexOf('`')).trim()) {
                        case "group" -> ResourceType.GROUP;
                        case "transactional id" -> ResourceType.TRANSACTIONAL_ID;
                        case "topic" -> ResourceType.TOPIC;
                        default -> throw new IllegalStateException("unknown resource: " + row);
                    };
            grant(row.get(0), type, row.get(1));
        }
    }

    private void service(List<List<String>> rows) {
        List<String> row = rows.stream()
                .filter(cells -> cells.get(0).equals(service))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(PAGE + " has no row for " + service));
        grant("Read", ResourceType.TOPIC, row.get(1));
        grant("Write, DescribeConfigs", ResourceType.TOPIC, row.get(2));
        grant(row.get(3), ResourceType.TOPIC, "`<id>-*`");
    }

    private void grant(String operations, ResourceType type, String names) {
        for (String name : NAME.matcher(names).results().map(MatchResult::group).toList()) {
            String full = name.replace("`", "")
                    .replace("<id>", "circuitstream-" + service)
                    .replace("<service>", service);
            boolean prefixed = full.endsWith("*");
            ResourcePattern resource = new ResourcePattern(
                    type,
                    prefixed ? full.substring(0, full.length() - 1) : full,
                    prefixed ? PatternType.PREFIXED : PatternType.LITERAL);
            for (String operation : operations.split(",", -1)) {
                if (!operation.isBlank()) {
                    all.add(new AclBinding(
                            resource,
                            new AccessControlEntry(
                                    "User:" + service, "*", operation(operation.trim()), AclPermissionType.ALLOW)));
                }
            }
        }
    }

    /** {@code DescribeConfigs}, as Kafka's documentation and tools spell it. */
    private static AclOperation operation(String spelled) {
        return AclOperation.valueOf(
                spelled.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
    }

    private static List<List<String>> table(String page, String header) {
        List<List<String>> rows = page.lines()
                .dropWhile(line -> !line.startsWith(header))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> List.of(line.substring(1).split("\\|", -1)).stream()
                        .map(String::trim)
                        .toList())
                .toList();
        if (rows.isEmpty()) {
            throw new IllegalStateException(PAGE + " has no table " + header);
        }
        return rows;
    }
}
