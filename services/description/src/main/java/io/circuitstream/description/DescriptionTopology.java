package io.circuitstream.description;

import io.circuitstream.description.shares.Share;
import io.circuitstream.description.shares.Shares;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.FeatureLabel;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.stream.ServiceContext;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * inferences, labels → {@link Splitter} → shares, one for each owner of features → {@link DescriptionProcessor} → features. Every
 * share of every inference goes out, also an empty one: so each owner counts all tokens.
 */
public final class DescriptionTopology {
    private DescriptionTopology() {}

    /**
     * The whole service.
     *
     * @param written told of every description, on the stream thread: must not block
     */
    public static Topology of(ServiceContext service, Describer describer, Consumer<FeatureDescription> written) {
        Shares shares = new Shares(service.settings().get(DescriptionSettings.SHARES));
        Splitter splitter = new Splitter(describer.scan(), shares);
        StreamsBuilder builder = new StreamsBuilder();
        inferences(builder, service, splitter)
                .merge(labels(builder, service, splitter), Named.as("merge"))
                .repartition(Repartitioned.with(Serdes.Integer(), ShareSerde.create())
                        .withName("shares")
                        .withNumberOfPartitions(shares.count())
                        .withStreamPartitioner((topic, share, value, count) -> Optional.of(Set.of(share))))
                .process(processor(service, describer, written), Named.as("describe"))
                .processValues(service.headers(), Named.as("feature-headers"))
                .to(
                        service.topic(Event.FEATURES),
                        Produced.with(Serdes.String(), service.result(Event.FEATURES, FeatureDescription.class))
                                .withName("features"));
        return builder.build();
    }

    private static KStream<Integer, Share> inferences(
            StreamsBuilder builder, ServiceContext service, Splitter splitter) {
        return builder.stream(
                        service.topic(Event.INFERENCES),
                        Consumed.with(Serdes.String(), service.serde(InferenceCompleted.class))
                                .withName("inferences"))
                .flatMap((key, inference) -> splitter.inference(inference), Named.as("split"));
    }

    private static KStream<Integer, Share> labels(StreamsBuilder builder, ServiceContext service, Splitter splitter) {
        return builder.stream(
                        service.topic(Event.LABELS),
                        Consumed.with(Serdes.String(), service.serde(FeatureLabel.class))
                                .withName("labels"))
                .flatMap(splitter::label, Named.as("address"));
    }

    private static ProcessorSupplier<Integer, Share, String, FeatureDescription> processor(
            ServiceContext service, Describer describer, Consumer<FeatureDescription> written) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<Integer, Share, String, FeatureDescription> get() {
                return new DescriptionProcessor(describer, service.settings(), written, System::nanoTime);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return DescriptionStores.all();
            }
        };
    }
}
