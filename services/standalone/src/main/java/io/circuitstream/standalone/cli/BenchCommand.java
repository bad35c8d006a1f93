package io.circuitstream.standalone.cli;

import picocli.CommandLine.Command;

/** {@code bench}: everything is in its subcommands. */
@Command(
        name = "bench",
        description = "Measures how fast the work is, beside what this machine could do at most.",
        mixinStandardHelpOptions = true,
        subcommands = {
            BenchAttributionCommand.class,
            BenchScalingCommand.class,
            BenchPruningCommand.class,
            BenchCircuitsCommand.class,
            BenchPipelineCommand.class,
            BenchCapacityCommand.class,
            BenchTrainingCommand.class,
            BenchAllCommand.class
        })
final class BenchCommand {}
