package io.circuitstream.circuits.graphfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A graph file of two layers and two tokens, small enough to read; changed by replacing parts of its text. */
final class TinyGraphFile {
    static final String TEXT = """
            {"metadata": {"slug": "s", "scan": "abc", "transcoder_list": ["x"], "prompt": "a b", "prompt_tokens": ["a", "b"],
              "node_threshold": 0.8, "schema_version": 1, "info": {"creator_name": "someone"}},
            "qParams": {"pinnedIds": ["0_1_1", "0_0_0"], "supernodes": [["said", "0_0_0", "1_5_1"]], "linkType": "both",
              "clickedId": "0_0_0", "sg_pos": ""},
            "nodes": [
              {"node_id": "1_5_1", "feature": 26, "layer": "1", "ctx_idx": 1, "feature_type": "cross layer transcoder",
               "jsNodeId": "1_5-0", "clerp": "says <b>", "influence": 0.5, "activation": 2.5, "vis_link": "https://x"},
              {"node_id": "0_1_1", "feature": 2, "layer": 0, "ctx_idx": 1, "feature_type": "cross layer transcoder",
               "jsNodeId": "0_1-0", "clerp": "", "influence": null},
              {"node_id": "0_0_0", "feature": -1, "layer": "0", "ctx_idx": 0, "feature_type": "mlp reconstruction error",
               "jsNodeId": "0_0-0", "clerp": "", "influence": 0.9, "activation": null},
              {"node_id": "E_7_0", "feature": 0, "layer": "E", "ctx_idx": 0, "feature_type": "embedding",
               "jsNodeId": "E_7-0", "clerp": ""},
              {"node_id": "E_8_1", "feature": 1, "layer": "E", "ctx_idx": 1, "feature_type": "embedding",
               "jsNodeId": "E_8-1", "clerp": ""},
              {"node_id": "3_9_1", "feature": 9, "layer": "3", "ctx_idx": 1, "feature_type": "logit", "token_prob": 0.75,
               "is_target_logit": true, "jsNodeId": "L_9-1", "clerp": "Output \\" c\\"d\\" (p=0.750)"}],
            "links": [
              {"source": "E_7_0", "target": "0_1_1", "weight": 0.1},
              {"source": "0_1_1", "target": "1_5_1", "weight": -0.25, "note": "kept by nobody"},
              {"source": "0_0_0", "target": "1_5_1", "weight": 0.75},
              {"source": "1_5_1", "target": "3_9_1", "weight": 2}]}
            """;

    private TinyGraphFile() {}

    static GraphFile read() throws IOException {
        return parse(TEXT);
    }

    /** The file with one text, which must be in it, replaced by another. */
    static GraphFile with(String old, String replacement) throws IOException {
        assertThat(TEXT).contains(old);
        return parse(TEXT.replace(old, replacement));
    }

    static GraphFile parse(String text) throws IOException {
        return GraphFile.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
