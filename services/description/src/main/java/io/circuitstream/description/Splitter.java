package io.circuitstream.description;

import io.circuitstream.description.shares.LabelShare;
import io.circuitstream.description.shares.PromptShare;
import io.circuitstream.description.shares.Share;
import io.circuitstream.description.shares.Shares;
import io.circuitstream.description.topics.FeatureId;
import io.circuitstream.events.FeatureLabel;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.LabelSource;
import io.circuitstream.events.Status;
import io.circuitstream.platform.logging.LogKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.KeyValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes shares of events, with the number of the share as key. Failed inferences, and what was computed with another transcoder, have
 * none. Thread-safe.
 */
final class Splitter {
    private static final Logger log = LoggerFactory.getLogger(Splitter.class);

    private final String scan;
    private final Shares shares;
    private final Set<String> foreign = ConcurrentHashMap.newKeySet();

    Splitter(String scan, Shares shares) {
        this.scan = scan;
        this.shares = shares;
    }

    List<KeyValue<Integer, Share>> inference(InferenceCompleted inference) {
        List<KeyValue<Integer, Share>> split = new ArrayList<>();
        if (inference.getStatus() == Status.OK
                && isOurs(inference.getProvenance().getScan())) {
            List<PromptShare> parts = shares.split(inference);
            for (int i = 0; i < parts.size(); i++) {
                split.add(KeyValue.pair(i, parts.get(i)));
            }
        }
        return split;
    }

    /** @param label null when it is taken back */
    List<KeyValue<Integer, Share>> label(String key, @Nullable FeatureLabel label) {
        FeatureId id = FeatureId.of(key);
        if (!isOurs(id.scan())) {
            return List.of();
        }
        String person = "/" + LabelSource.PERSON.name().toLowerCase(Locale.ROOT);
        LabelSource source = key.endsWith(person) ? LabelSource.PERSON : LabelSource.LANGUAGE_MODEL;
        LabelShare share = label == null
                ? new LabelShare(id.layer(), id.feature(), source, "", "", 0)
                : new LabelShare(
                        id.layer(),
                        id.feature(),
                        source,
                        label.getLabel(),
                        label.getAuthor(),
                        label.getTime().toEpochMilli());
        return List.of(KeyValue.pair(shares.of(id.layer(), id.feature()), share));
    }

    private boolean isOurs(String theirs) {
        if (scan.equals(theirs)) {
            return true;
        }
        if (foreign.add(theirs)) {
            log.atWarn().addKeyValue(LogKeys.SCAN, theirs).log("left out: events of another transcoder than {}", scan);
        }
        return false;
    }
}
