package io.circuitstream.platform.stream;

/** Wires a service: reads its own settings, loads its model, builds its topology. */
@FunctionalInterface
public interface ServiceFactory {

    /** Usually ends in {@link ServiceContext#service}. May throw what it likes: the process then exits with 1. */
    RunningService create(ServiceContext context) throws Exception;
}
