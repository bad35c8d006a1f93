package io.circuitstream.dashboard.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientQueueTest {
    private static final byte[] JSON = {'{', '}'};

    private static LiveEvent kept(long sequence) {
        return LiveEvent.kept("i", sequence, "trace", Audience.EVERYBODY, JSON);
    }

    private static LiveEvent passing(String name) {
        return LiveEvent.passing(name, Audience.EVERYBODY, JSON);
    }

    @Test
    void shouldHandOverInOrderWhenThereIsRoom() throws Exception {
        ClientQueue queue = new ClientQueue(3);
        LiveEvent first = kept(1);
        LiveEvent second = passing("progress");

        assertThat(queue.offer(first)).isZero();
        assertThat(queue.offer(second)).isZero();

        assertThat(queue.poll(0)).isSameAs(first);
        assertThat(queue.poll(0)).isSameAs(second);
        assertThat(queue.poll(0)).isNull();
    }

    @Test
    void shouldDropTheOldestThatMayBeLostWhenItIsFull() throws Exception {
        ClientQueue queue = new ClientQueue(3);
        LiveEvent one = kept(1);
        LiveEvent three = passing("c");
        LiveEvent four = kept(2);
        queue.offer(one);
        queue.offer(passing("b"));
        queue.offer(three);

        assertThat(queue.offer(four)).isEqualTo(1);

        assertThat(queue.poll(0)).isSameAs(one);
        assertThat(queue.poll(0)).isSameAs(three);
        assertThat(queue.poll(0)).isSameAs(four);
    }

    @Test
    void shouldDropTheNewOneWhenItAloneMayBeLost() {
        ClientQueue queue = new ClientQueue(2);
        queue.offer(kept(1));
        queue.offer(kept(2));

        assertThat(queue.offer(passing("progress"))).isEqualTo(1);

        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.isBroken()).isFalse();
    }

    @Test
    void shouldBreakWhenNothingInItMayBeLost() throws Exception {
        ClientQueue queue = new ClientQueue(2);
        queue.offer(kept(1));
        queue.offer(kept(2));

        assertThat(queue.offer(kept(3))).isEqualTo(3);

        assertThat(queue.isBroken()).isTrue();
        assertThat(queue.isClosed()).isTrue();
        assertThat(queue.size()).isZero();
        assertThat(queue.poll(1000)).as("does not wait when it is closed").isNull();
        assertThat(queue.offer(kept(4))).isZero();
    }
}
