package io.circuitstream.dashboard.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.dashboard.access.Principal;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.access.Tenants;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.store.Store;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is told of what. */
@Timeout(120)
class HubTest {
    private static final Principal LAB = caller(Tenants.of(List.of("lab", "lab2")));
    private static final Principal ALL = caller(Tenants.ALL);

    @TempDir
    Path folder;

    private Store store;
    private EventLog log;
    private Hub hub;

    @BeforeEach
    void open() {
        store = Store.open(folder);
        log = new EventLog(store, 100);
        hub = new Hub(log, 100, 10, new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        hub.close();
        store.close();
    }

    private static Principal caller(Tenants tenants) {
        return new Principal("", Role.VIEWER, tenants, null);
    }

    private static Principal until(Instant expires) {
        return new Principal("", Role.VIEWER, Tenants.ALL, expires);
    }

    private void happen(String name, Audience audience) {
        LiveEvent event;
        try (Step step = store.step()) {
            event = log.add(step, name, audience, new byte[] {'{', '}'});
            step.commit();
        }
        hub.publish(List.of(event));
    }

    private void happenToMany() {
        happen("of-lab", Audience.of("lab"));
        happen("of-acme", Audience.of("acme"));
        happen("of-unknown", Audience.of(""));
        happen("of-lab2", Audience.of("lab2"));
        happen("of-all", Audience.OF_ALL_TENANTS);
        happen("of-everybody", Audience.EVERYBODY);
        hub.publish(List.of(LiveEvent.passing("passing-lab", Audience.of("lab"), new byte[0])));
        hub.publish(List.of(LiveEvent.passing("passing-acme", Audience.of("acme"), new byte[0])));
    }

    private static List<String> names(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("event: "))
                .map(line -> line.substring(7))
                .toList();
    }

    private List<String> live(Principal client) throws Exception {
        Hub.Subscription subscription = hub.subscribe(client);
        happenToMany();
        StringBuilder seen = new StringBuilder();
        for (LiveEvent event = subscription.queue().poll(0);
                event != null;
                event = subscription.queue().poll(0)) {
            seen.append(new String(event.frame(), UTF_8));
        }
        hub.unsubscribe(subscription.queue());
        return names(seen.toString());
    }

    @Test
    void shouldTellWhatIsTheirsAndEverybodysWhenClientsAreOfTenants() throws Exception {
        assertThat(live(LAB)).containsExactly("of-lab", "of-lab2", "of-everybody", "passing-lab");
        assertThat(live(ALL))
                .containsExactly(
                        "of-lab",
                        "of-acme",
                        "of-unknown",
                        "of-lab2",
                        "of-all",
                        "of-everybody",
                        "passing-lab",
                        "passing-acme");
    }

    private List<String> replayed(Principal client) throws Exception {
        String first = new String(log.event(0, "hello").frame(), UTF_8)
                .lines()
                .findFirst()
                .orElseThrow()
                .substring("id: ".length());
        Hub.Subscription subscription = hub.subscribe(client);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        hub.unsubscribe(subscription.queue()); // so that it ends after what it missed
        new EventStream(hub, subscription, out).run(first);
        return names(out.toString(UTF_8));
    }

    @Test
    void shouldTellNoMoreWhenClientsComeBackForWhatTheyMissed() throws Exception {
        happenToMany();

        assertThat(replayed(LAB)).containsExactly("hello", "of-lab", "of-lab2", "of-everybody");
        assertThat(replayed(ALL))
                .containsExactly("hello", "of-lab", "of-acme", "of-unknown", "of-lab2", "of-all", "of-everybody");
    }

    @Test
    void shouldEndTheStreamWhenTheClientMustSayAgainWhoItIs() throws Exception {
        Instant expires = Instant.now().plusMillis(300);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        new EventStream(hub, hub.subscribe(until(expires)), out).run(null);

        assertThat(Instant.now()).isAfterOrEqualTo(expires.minusMillis(1));
        assertThat(out.toString(UTF_8)).contains("event: hello");
        assertThat(hub.clients()).isZero();
    }

    @Test
    void shouldSendNothingMoreWhenTheClientsTimeIsOver() throws Exception {
        Hub.Subscription subscription = hub.subscribe(until(Instant.now().minusSeconds(1)));
        happenToMany();
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        new EventStream(hub, subscription, out).run(null);

        assertThat(names(out.toString(UTF_8))).containsExactly("hello");
    }
}
