package io.circuitstream.standalone.bench;

import java.util.List;

/** One measurement's results beside the machine's rates of the same run. */
public record Report(Machine machine, List<Measured> results) {}
