package io.circuitstream.training.evaluation;

import io.circuitstream.platform.provenance.CodeVersion;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a report's figures came from. Holds no time of day: the same inputs give the same bytes.
 *
 * @param code that measured
 * @param split of the documents
 * @param promptsPerGroup most documents of a group
 * @param graphsPerGroup most attribution graphs of a group
 * @param seed of the transcoders' training
 * @param scans content hash of each transcoder by the name of its point
 */
public record EvaluationProvenance(
        CodeVersion code,
        String split,
        int promptsPerGroup,
        int graphsPerGroup,
        long seed,
        SortedMap<String, String> scans) {

    public EvaluationProvenance {
        scans = Collections.unmodifiableSortedMap(new TreeMap<>(scans));
    }

    public EvaluationProvenance(
            CodeVersion code,
            String split,
            int promptsPerGroup,
            int graphsPerGroup,
            long seed,
            Map<String, String> scans) {
        this(code, split, promptsPerGroup, graphsPerGroup, seed, new TreeMap<>(scans));
    }
}
