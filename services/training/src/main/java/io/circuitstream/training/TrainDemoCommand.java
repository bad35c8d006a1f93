package io.circuitstream.training;

import io.circuitstream.training.demo.DemoFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = "Make the model that ships from nothing: weights, transcoder, tasks, samples and cards.",
        mixinStandardHelpOptions = true)
final class TrainDemoCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(TrainDemoCommand.class);

    @Option(names = "--out", required = true, description = "Folder to write.")
    private Path out = Path.of("");

    @Option(
            names = "--keep-weights",
            description = "Train nothing: measure the weights in the folder, rewrite tasks, samples and cards.")
    private boolean keepWeights;

    @Override
    public Integer call() throws IOException {
        DemoFolder folder = new DemoFolder(out);
        if (keepWeights) {
            folder.describe();
        } else {
            folder.train(progress -> log.info("{}", progress));
        }
        return 0;
    }
}
