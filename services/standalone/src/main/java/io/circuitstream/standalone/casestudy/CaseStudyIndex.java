package io.circuitstream.standalone.casestudy;

import io.circuitstream.events.Provenance;
import io.circuitstream.training.hypotheses.HypothesisResult;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The page that leads to the others. */
final class CaseStudyIndex {
    static final String COMMAND = "./circuitstream evaluate --tasks --model models/tiny-ten"
            + " --transcoder models/tiny-ten/clt --out docs/evaluation --case-studies docs/case-studies";

    private static final String HEAD = """
            # Case studies: ten tasks, ten circuits

            One prompt of each task as `./circuitstream trace --local` traces it: the circuit's picture, its features, the causal
            hypotheses about the task with what became of them, and what a person makes of it. Figures and pictures are made by

            ```
            %s
            ```

            | task | prompt → answer | circuit: completeness, replacement | claims confirmed / refuted / undecided | hypotheses |
            |---|---|---|---|---|
            """.formatted(COMMAND);

    private CaseStudyIndex() {}

    static String of(List<CaseStudy> studies) {
        StringBuilder text = new StringBuilder(HEAD);
        for (CaseStudy study : studies) {
            text.append(row(study));
        }
        Provenance provenance = studies.get(0).trace().circuit().getProvenance();
        return text.append("\nModel `")
                .append(provenance.getModelHash())
                .append("`, transcoder `")
                .append(provenance.getScan())
                .append("`. All hypotheses in one table: [tasks.md](../evaluation/tasks.md).\n")
                .toString();
    }

    private static String row(CaseStudy study) {
        var circuit = study.trace().circuit();
        var report = study.trace().report();
        return String.format(
                Locale.ROOT,
                "| [%s](%s.md) | %s → %s | %.3f, %.3f | %d / %d / %d | %s |\n",
                study.task().title(),
                study.task().name(),
                MarkdownText.of(study.task().prompt()),
                MarkdownText.of(study.trace().inference().getTopLogits().get(0).getToken()),
                circuit.getCircuitCompletenessScore(),
                circuit.getCircuitReplacementScore(),
                report.getConfirmed(),
                report.getRefuted(),
                report.getInconclusive(),
                study.results().stream().map(CaseStudyIndex::verdict).collect(Collectors.joining(", ")));
    }

    private static String verdict(HypothesisResult result) {
        return result.hypothesis() + " " + result.verdict().name().toLowerCase(Locale.ROOT);
    }
}
