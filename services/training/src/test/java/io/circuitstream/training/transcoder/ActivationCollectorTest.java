package io.circuitstream.training.transcoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Mlp;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.training.SmallModel;
import io.circuitstream.training.documents.Document;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationCollectorTest {
    private static final List<Document> DOCUMENTS = List.of(
            new Document("", new int[] {1, 20, 30, 40}, 3), new Document("", new int[] {1, 50, 60, 70, 80, 90}, 5));

    @TempDir
    static Path folder;

    private static LanguageModel model;

    @BeforeAll
    static void load() throws IOException {
        TensorRuntime.start(1);
        model = LanguageModel.load(SmallModel.write(folder.resolve("small")));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @EnumSource(InputSite.class)
    void shouldKeepEveryTokenButBosInOrderWhenDocumentsEnd(InputSite site) {
        Activations data = collect(site, 100, false);

        assertThat(data.tokens()).isEqualTo(8);
        int row = 0;
        for (Document document : DOCUMENTS) {
            try (ForwardPass pass = Forward.run(model, document.tokens())) {
                for (int layer = 0; layer < 2; layer++) {
                    float[] in = site.in(pass, layer).toFloatArray();
                    float[] out = pass.mlpOut()[layer].toFloatArray();
                    for (int p = 1; p < document.tokens().length; p++) {
                        for (int i = 0; i < 32; i++) {
                            assertThat(raw(
                                            data.inputs,
                                            data.sites.inputMean,
                                            data.sites.inputScale,
                                            layer,
                                            row + p - 1,
                                            i))
                                    .isCloseTo(in[p * 32 + i], within(1e-5f));
                            assertThat(raw(
                                            data.outputs,
                                            data.sites.outputMean,
                                            data.sites.outputScale,
                                            layer,
                                            row + p - 1,
                                            i))
                                    .isCloseTo(out[p * 32 + i], within(1e-5f));
                        }
                    }
                }
            }
            row += document.tokens().length - 1;
        }
    }

    @Test
    void shouldStopInTheMiddleOfADocumentWhenThereAreEnough() {
        assertThat(collect(InputSite.MLP_IN, 5, false).tokens()).isEqualTo(5);
    }

    @Test
    void shouldYieldTheMlpsDerivativeAlongTheDirectionWhenJacobiansAreWanted() {
        Activations data = collect(InputSite.MLP_IN, 100, true);

        float[] v = new float[32];
        for (int layer = 0; layer < 2; layer++) {
            float factor = data.sites.inputScale[layer] / data.sites.outputScale[layer];
            for (int token = 0; token < data.tokens; token++) {
                JacobianTerm.direction(token, layer, v);
                float[] in = new float[32];
                for (int i = 0; i < 32; i++) {
                    in[i] = raw(data.inputs, data.sites.inputMean, data.sites.inputScale, layer, token, i);
                }
                float[] exact = derivative(layer, in, v);
                for (int i = 0; i < 32; i++) {
                    // A central difference of single-precision values, step 1 %.
                    assertThat(data.jacobians[layer][token][i]).isCloseTo(factor * exact[i], within(2e-3f * 32));
                }
                assertThat(cosine(data.jacobians[layer][token], exact)).isGreaterThan(.9999);
            }
        }
    }

    @Test
    void shouldTellCorporaApartWhenATokenDiffers() {
        String one = collect(InputSite.MLP_IN, 100, false).digest;
        Activations other = Activations.collect(
                model,
                InputSite.MLP_IN,
                List.of(DOCUMENTS.get(0), new Document("", new int[] {1, 50, 60, 70, 80, 91}, 5))
                        .iterator(),
                100,
                false,
                progress -> {});

        assertThat(collect(InputSite.MLP_IN, 100, false).digest).isEqualTo(one);
        assertThat(other.digest).isNotEqualTo(one);
    }

    @Test
    void shouldSayHowMuchIsNeededWhenTheHeapIsTooSmall() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> collect(InputSite.MLP_IN, 2_000_000_000, false))
                .withMessageContaining("MiB")
                .withMessageContaining("--tokens");
    }

    /** {@code W_down} times the change of the hidden units along v. */
    private static float[] derivative(int layer, float[] in, float[] v) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray at = model.manager().create(in, new Shape(1, 32));
            NDArray along = model.manager().create(v, new Shape(1, 32));
            Mlp mlp = model.layer(layer).mlp();
            return mlp.hiddenChange(at, along)
                    .matMul(mlp.down().weight().transpose())
                    .toFloatArray();
        }
    }

    private static double cosine(float[] a, float[] b) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }
        return ab / Math.sqrt(aa * bb);
    }

    private static float raw(float[][][] sites, float[][] mean, float[] scale, int layer, int token, int i) {
        return sites[layer][token][i] * scale[layer] + mean[layer][i];
    }

    private static Activations collect(InputSite site, int tokens, boolean withJacobians) {
        return Activations.collect(model, site, DOCUMENTS.iterator(), tokens, withJacobians, progress -> {});
    }
}
