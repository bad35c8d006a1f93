package io.circuitstream.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.circuits.replacement.ActiveFeatures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventNodesTest {
    private static ActiveFeatures features(int layers, int... layer) {
        return EventNodes.features(
                layers, layer, new int[layer.length], new int[layer.length], new float[layer.length]);
    }

    @Test
    void shouldSayWhereEachLayerBeginsWhenFeaturesAscend() {
        assertThat(features(4, 0, 0, 2).layerStart()).containsExactly(0, 2, 2, 3, 3);
        assertThat(features(2).layerStart()).containsExactly(0, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, has layer -1 at place 0", "1, 0, has layer 0 at place 1", "0, 2, has layer 2 at place 1"})
    void shouldNameThePlaceWhenALayerCannotBe(int first, int second, String message) {
        assertThatThrownBy(() -> features(2, first, second))
                .isInstanceOf(MalformedGraphException.class)
                .hasMessageContaining("column featureLayer of the graph")
                .hasMessageContaining(message);
    }
}
