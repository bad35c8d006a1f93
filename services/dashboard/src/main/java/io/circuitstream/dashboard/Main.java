package io.circuitstream.dashboard;

import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.platform.health.Health;
import io.circuitstream.platform.stream.ServiceMain;
import java.nio.file.Path;
import java.util.Optional;

/** The dashboard as a process of its own. */
public final class Main {
    private static final Health ALONE = new Health() {
        @Override
        public boolean isLive() {
            return true;
        }

        @Override
        public Optional<String> notReady() {
            return Optional.empty();
        }
    };

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(ServiceMain.run("dashboard", arguments, DashboardSettings.all(), context -> {
            Dashboard.Model model = context.settings()
                    .find(DashboardSettings.MODEL)
                    .map(Main::tokens)
                    .orElse(Dashboard.Model.UNKNOWN);
            return new Dashboard(context, model, ALONE);
        }));
    }

    /** The tokenizer without the weights. */
    private static Dashboard.Model tokens(Path folder) {
        return new Dashboard.Model(Tokens.read(folder, ModelConfig.read(folder)), null);
    }
}
