package io.circuitstream.dashboard.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.dashboard.json.FieldException;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.events.Expansion;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.PruningMode;
import io.circuitstream.events.SteeringMode;
import io.circuitstream.events.SteeringRequested;
import io.circuitstream.platform.serde.EventClasses;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {
    @BeforeAll
    static void trust() {
        EventClasses.trust();
    }

    private static JsonNode json(String text) throws Exception {
        return Json.MAPPER.readTree(text.replace('\'', '"'));
    }

    @Test
    void shouldFillInDefaultsWhenSettingsArePartial() throws Exception {
        PromptSubmitted prompt = Requests.prompt(
                json(
                        "{'text':'a b','tags':['x'],'attribution':{'expansion':'EXACT'},'pruning':{'mode':'NODE_BUDGET','nodeBudget':5}}"));

        assertThat(prompt.getText()).isEqualTo("a b");
        assertThat(prompt.getTenant()).isEqualTo("default");
        assertThat(prompt.getTags()).containsExactly("x");
        assertThat(prompt.getAttribution().getExpansion()).isEqualTo(Expansion.EXACT);
        assertThat(prompt.getAttribution().getMaxLogits()).isEqualTo(10);
        assertThat(prompt.getPruning().getMode()).isEqualTo(PruningMode.NODE_BUDGET);
        assertThat(prompt.getPruning().getNodeThreshold()).isEqualTo(.8);
        assertThat(prompt.getValidation().getFactors()).containsExactly(-1f, 2f);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                              | text is missing",
                "{'text':'  '}                                   | text is empty",
                "{'text':'a','tokenIds':[1]}                     | tokenIds is one too many",
                "{'tokenIds':[]}                                 | tokenIds must be a list",
                "{'tokenIds':[-1]}                               | tokenIds[0] must be a token id",
                "{'text':'a','txet':1}                           | txet is not known",
                "{'text':1}                                      | text must be a text",
                "{'messages':[{'role':'user'}]}                  | messages[0].content is missing",
                "{'text':'a','pruning':{'nodeThreshold':'x'}}    | pruning.nodeThreshold must be a number",
                "{'text':'a','pruning':{'mode':'X'}}             | pruning.mode must be one of",
                "{'text':'a','attribution':{'maxLogits':1.5}}    | attribution.maxLogits must be a whole number",
                "{'text':'a','attribution':{'targetFeatures':[{'layer':1}]}} | attribution.targetFeatures[0].feature is missing",
                "{'text':'a','validation':[]}                    | validation must be an object",
            })
    void shouldNameTheFieldWhenOneIsWrong(String body, String message) {
        assertThatThrownBy(() -> Requests.prompt(json(body)))
                .isInstanceOf(FieldException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void shouldSteerTheTracedPromptWithDefaultsWhenOnlyItsIdIsGiven() throws Exception {
        PromptSubmitted traced =
                PromptSubmitted.newBuilder().setPromptId("p").setText("a b").build();

        SteeringRequested request = Requests.steering(
                json("{'promptId':'p','interventions':[{'layer':1,'feature':2,'factor':-3}]}"), traced);

        assertThat(request.getPrompt().getText()).isEqualTo("a b");
        assertThat(request.getPrompt().getPromptId()).isEqualTo(request.getRequestId());
        assertThat(request.getMode()).isEqualTo(SteeringMode.MODEL);
        assertThat(request.getTopTokens()).isEqualTo(5);
        assertThat(request.getNewTokens()).isEqualTo(10);
        assertThat(request.getInterventions().get(0).getFactor()).isEqualTo(-3f);
        assertThat(request.getLastLayer()).isNull();
    }

    @Test
    void shouldRefuseAFeatureThatIsHeldAtTwoValues() {
        assertThatThrownBy(() -> Requests.steering(
                        json("{'text':'a','interventions':[{'layer':1,'feature':2,'factor':1,'activation':2}]}"), null))
                .isInstanceOf(FieldException.class)
                .hasMessageContaining("one of factor and activation");
    }
}
