package io.circuitstream.training;

import picocli.CommandLine.Command;

/** {@code train}: stage one. Everything is in its subcommands. */
@Command(
        name = "train",
        description = "Train the demo model or a transcoder.",
        mixinStandardHelpOptions = true,
        subcommands = {TrainModelCommand.class, TrainTranscoderCommand.class, TrainDemoCommand.class})
public final class TrainCommand {}
