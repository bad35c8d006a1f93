package io.circuitstream.dashboard.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.dashboard.audit.Chain.Checkpoint;
import io.circuitstream.dashboard.audit.Chain.Signed;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.platform.serde.EventDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChainTest {
    private static final String START = "00".repeat(32);

    /** Hashes are named for what they are of: h3 of the third finding. */
    private static Link link(long sequence) {
        String previous = sequence == 1 ? START : "h" + (sequence - 1);
        return new Link(100 + sequence, 2, sequence, previous, "h" + sequence, "h" + sequence);
    }

    private static Chain of(int findings) {
        Chain chain = Chain.empty(2);
        for (int i = 1; i <= findings; i++) {
            chain = chain.with(link(i));
        }
        return chain;
    }

    private static Checkpoint checkpoint(long number, long sequence) {
        return new Checkpoint(number, sequence, sequence == 0 ? START : "h" + sequence, 7, "key");
    }

    @Test
    void shouldBeUnbrokenWhenEveryFindingFollowsOnTheOneBefore() {
        Chain chain = of(3);

        assertThat(chain).isEqualTo(new Chain(2, 3, 3, "h3", null, null, Signed.UNKNOWN));
    }

    @ParameterizedTest
    @CsvSource({
        "2, 3, h2, h3, other, its hash is not that of its content",
        "1, 3, h2, h3, h3,    it is of the chain of partition 1",
        "2, 5, h4, h5, h5,    findings 3 to 4 are missing before it",
        "2, 2, h1, hx, hx,    finding 2 came before it",
        "2, 3, hx, h3, h3,    it was linked to another finding than the one before it",
    })
    void shouldSayWhereAndWhyWhenAFindingDoesNotFit(
            int partition, long sequence, String previous, String hash, String computed, String why) {
        Chain chain = of(2).with(new Link(55, partition, sequence, previous, hash, computed));

        assertThat(chain.broken()).isEqualTo(new Chain.Break(55, sequence, why));
        assertThat(chain.findings()).isEqualTo(3);
    }

    @Test
    void shouldKeepTheFirstBreakAndGoOnWhenMoreFollow() {
        Chain chain = of(1).with(link(3)).with(link(4)).withForeign(9);

        assertThat(chain.broken().why()).isEqualTo("findings 2 to 2 are missing before it");
        assertThat(chain.sequence()).isEqualTo(4);
    }

    @Test
    void shouldBreakWhenARecordIsNoFinding() {
        assertThat(of(2).withForeign(9).broken()).isEqualTo(new Chain.Break(9, 3, "this record is no finding"));
    }

    @Test
    void shouldCompareWhenTheCheckpointComesAfterItsFinding() {
        assertThat(of(0).with(checkpoint(1, 0), null).signed()).isEqualTo(Signed.SAME);
        assertThat(of(2).with(checkpoint(1, 2), "h2").signed()).isEqualTo(Signed.SAME);
        assertThat(of(3).with(checkpoint(1, 2), null).signed()).isEqualTo(Signed.UNKNOWN);
    }

    @Test
    void shouldCompareLaterWhenTheCheckpointComesBeforeItsFinding() {
        Chain ahead = of(1).with(checkpoint(1, 3), null);

        assertThat(ahead.signed()).isEqualTo(Signed.UNREAD);
        assertThat(ahead.with(link(2)).signed()).isEqualTo(Signed.UNREAD);
        assertThat(ahead.with(link(2)).with(link(3)).signed()).isEqualTo(Signed.SAME);
    }

    @Test
    void shouldBreakForGoodWhenACheckpointIsOfOtherContent() {
        Chain rewritten = of(3).with(checkpoint(1, 2), "hx");

        assertThat(rewritten.signed()).isEqualTo(Signed.OTHER);
        assertThat(rewritten.broken())
                .isEqualTo(new Chain.Break(-1, 2, "checkpoint 1 is of another finding than the one at its place"));
        Chain later = rewritten.with(checkpoint(2, 3), "h3");
        assertThat(later.signed()).isEqualTo(Signed.SAME);
        assertThat(later.broken()).isEqualTo(rewritten.broken());
    }

    @Test
    void shouldBreakWhenACheckpointIsMissing() {
        Chain chain = of(1).with(checkpoint(1, 0), null).with(checkpoint(3, 1), "h1");

        assertThat(chain.broken().why()).isEqualTo("checkpoint 3 came where 2 belongs");
    }

    @Test
    void shouldComputeTheHashFromTheBytesWhenAFindingWasAltered() {
        AuditFinding finding = AuditEvents.finding("a", "p", 1, AuditEvents.START);
        byte[] body = EventDigest.body(finding);
        byte[] value = new byte[5 + body.length];
        System.arraycopy(body, 0, value, 5, body.length);

        Link written = Link.of(7, value, finding);
        value[20]++;
        Link altered = Link.of(7, value, finding);

        assertThat(written.computed()).isEqualTo(written.hash()).hasSize(64);
        assertThat(altered.computed()).isNotEqualTo(altered.hash());
        assertThat(Link.of(7, new byte[10], finding).computed()).isEmpty();
    }
}
