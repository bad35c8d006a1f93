package io.circuitstream.standalone;

import io.circuitstream.audit.chain.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of the key that a deployment's audit signs with; whoever can write the data can also sign, see the audit's README. */
record AuditKey(Path secret, Path verifying) {

    /** In a data folder; made when there is none. */
    static AuditKey in(Path data) {
        AuditKey key = new AuditKey(data.resolve("audit-key.pem"), data.resolve("audit-key.pub.pem"));
        if (!Files.exists(key.secret)) {
            SigningKey.generate(key.secret, key.verifying);
        }
        return key;
    }
}
