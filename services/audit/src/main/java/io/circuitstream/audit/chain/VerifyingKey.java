package io.circuitstream.audit.chain;

import io.circuitstream.platform.stream.StartupException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/**
 * An Ed25519 public key that checkpoints are checked with. Thread-safe.
 *
 * @param fingerprint SHA-256 (hex) of its X.509 SubjectPublicKeyInfo
 */
public record VerifyingKey(PublicKey key, String fingerprint) {
    private static final String ALGORITHM = "Ed25519";

    static VerifyingKey of(PublicKey key) {
        return new VerifyingKey(key, HexFormat.of().formatHex(ChainHash.sha256().digest(key.getEncoded())));
    }

    /**
     * Reads a PEM file, as {@code openssl pkey -pubout} writes it.
     *
     * @throws StartupException that names the file and what to do
     */
    public static VerifyingKey load(Path file) {
        try {
            byte[] der = Pem.read(file, Pem.PUBLIC);
            return of(KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(der)));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new StartupException("no public key can be read from " + file + " (" + e + "): it must be an Ed25519"
                    + " key in PEM, made with `openssl pkey -in KEY -pubout -out " + file + "`");
        }
    }

    void write(Path file) throws IOException {
        Pem.write(file, Pem.PUBLIC, key.getEncoded());
    }

    boolean verifies(byte[] message, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(message);
            return signature.verify(signed);
        } catch (SignatureException e) {
            // Bytes that are no signature at all.
            return false;
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("the key was an Ed25519 key when it was read", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 15 has Ed25519", e);
        }
    }
}
