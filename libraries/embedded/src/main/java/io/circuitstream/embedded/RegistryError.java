package io.circuitstream.embedded;

/** A request that the registry refuses, with Confluent's error code; the first three digits are the HTTP status. */
final class RegistryError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    private RegistryError(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }

    int status() {
        return code > 999 ? code / 100 : code;
    }

    static RegistryError noRoute(String method, String path) {
        return new RegistryError(404, "HTTP 404 Not Found: " + method + " " + path);
    }

    static RegistryError subjectNotFound(String subject) {
        return new RegistryError(40401, "Subject '" + subject + "' not found.");
    }

    static RegistryError versionNotFound(String version) {
        return new RegistryError(40402, "Version " + version + " not found.");
    }

    static RegistryError schemaNotFound(String which) {
        return new RegistryError(40403, "Schema " + which + " not found");
    }

    static RegistryError noLevelOfItsOwn(String subject) {
        return new RegistryError(
                40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
    }

    static RegistryError incompatible(String subject, Iterable<String> reasons) {
        return new RegistryError(
                409,
                "Schema being registered is incompatible with an earlier schema for subject \"" + subject
                        + "\", details: [" + String.join(", ", reasons) + "]");
    }

    static RegistryError tooLarge(int limit) {
        return new RegistryError(413, "The request is larger than " + limit + " bytes");
    }

    static RegistryError invalidSchema(String reason) {
        return new RegistryError(42201, "Invalid schema: " + reason);
    }

    static RegistryError invalidVersion(String version) {
        return new RegistryError(
                42202,
                "The specified version '" + version
                        + "' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\"");
    }

    static RegistryError invalidLevel(String level) {
        return new RegistryError(42203, "Invalid compatibility level: " + level);
    }

    static RegistryError invalidMode(String mode) {
        return new RegistryError(42204, "Invalid mode: " + mode + "; this registry is always READWRITE");
    }

    static RegistryError invalidBody(String reason) {
        return new RegistryError(422, "Invalid request body: " + reason);
    }
}
