package io.circuitstream.platform.stream;

import io.circuitstream.platform.provenance.CodeVersion;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of a service's process: settings, start, wait, exit code. */
public final class ServiceMain {

    private static final Logger log = LoggerFactory.getLogger(ServiceMain.class);

    private ServiceMain() {}

    /**
     * Runs until SIGTERM or a failure and yields the exit code: 0 after a stop, 1 after a failure, 64 when the
     * settings are wrong.
     *
     * @param own the service's settings beside {@link CommonSettings}; one with the same key replaces the common one
     */
    public static int run(String name, String[] arguments, List<Setting<?>> own, ServiceFactory factory) {
        return run(name, List.of(arguments), System.getenv(), own, factory);
    }

    static int run(
            String name,
            List<String> arguments,
            Map<String, String> environment,
            List<Setting<?>> own,
            ServiceFactory factory) {
        try {
            Settings settings = Settings.resolve(declared(own), arguments, environment);
            log.atInfo().log("{} {}", name, CodeVersion.current().version());
            settings.describe().forEach(line -> log.atInfo().log("setting {}", line));
            return serve(name, settings, factory);
        } catch (SettingsException e) {
            log.atError().log("{} does not start, its settings are wrong: {}", name, e.getMessage());
            return SettingsException.EXIT_CODE;
        } catch (StartupException e) {
            log.atError().log("{} does not start: {}", name, e.getMessage());
            return 1;
        } catch (Exception e) {
            log.atError().setCause(e).log("{} failed", name);
            return 1;
        }
    }

    private static int serve(String name, Settings settings, ServiceFactory factory) throws Exception {
        ServiceContext context = ServiceContext.of(name, settings);
        try (context;
                RunningService service = factory.create(context)) {
            Thread hook = new Thread(() -> stopped(service), name + "-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                service.start();
                return service.blockUntilClosed();
            } finally {
                remove(hook);
            }
        }
    }

    /** Halts, because a JVM that ends by SIGTERM otherwise exits with 143 even when it finished everything. */
    private static void stopped(RunningService service) {
        service.close();
        Runtime.getRuntime().halt(service.exitCode());
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            log.atDebug().log("the process is stopping already, its hook decides the exit code");
        }
    }

    private static List<Setting<?>> declared(List<Setting<?>> own) {
        List<Setting<?>> all = new ArrayList<>(CommonSettings.all());
        all.addAll(own);
        return all;
    }
}
