package io.circuitstream.dashboard.commands;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A token bucket for each tenant: a minute's worth may come at once, then as many as flow in. Tenants that were not heard of for
 * longest are forgotten, which can only give them more. Thread-safe.
 */
public final class RateLimit {
    private static final int MOST_TENANTS = 10_000;
    private static final double NANOS_OF_MINUTE = 60e9;

    private final int otherwise;
    private final Map<String, Integer> ofTenant;
    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_TENANTS;
        }
    };

    private record Bucket(double tokens, long at) {}

    /**
     * Nobody has sent anything yet.
     *
     * @param otherwise what tenants may send in a minute that have no rate of their own
     */
    public RateLimit(int otherwise, Map<String, Integer> ofTenant, LongSupplier nanos) {
        this.otherwise = otherwise;
        this.ofTenant = Map.copyOf(ofTenant);
        this.nanos = nanos;
    }

    /** 0 when the tenant may go on; otherwise the seconds, rounded up, after which it may. */
    public synchronized long secondsToWait(String tenant) {
        int perMinute = ofTenant.getOrDefault(tenant, otherwise);
        long now = nanos.getAsLong();
        Bucket known = buckets.getOrDefault(tenant, new Bucket(perMinute, now));
        double tokens = Math.min(perMinute, known.tokens + (now - known.at) / NANOS_OF_MINUTE * perMinute);
        boolean may = tokens >= 1;
        buckets.put(tenant, new Bucket(may ? tokens - 1 : tokens, now));
        return may ? 0 : (long) Math.ceil((1 - tokens) / perMinute * 60);
    }
}
