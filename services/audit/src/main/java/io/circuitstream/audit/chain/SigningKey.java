package io.circuitstream.audit.chain;

import io.circuitstream.platform.stream.StartupException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;

/** An Ed25519 key that signs checkpoints. Its secret is in no message and no {@link #toString}. Thread-safe. */
public final class SigningKey {
    private static final String ALGORITHM = "Ed25519";

    private final PrivateKey secret;
    private final VerifyingKey verifying;

    private SigningKey(PrivateKey secret, VerifyingKey verifying) {
        this.secret = secret;
        this.verifying = verifying;
    }

    /**
     * Reads a PKCS#8 PEM file, as {@code openssl genpkey -algorithm ed25519} writes it.
     *
     * @throws StartupException that names the file and what to do
     */
    public static SigningKey load(Path file) {
        try {
            byte[] der = Pem.read(file, Pem.PRIVATE);
            PrivateKey secret = KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(der));
            return of(secret);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            // Not the cause: a decoder's message may quote what it could not decode.
            String reason = e instanceof IOException ? e.getClass().getSimpleName() : "it is no such key";
            throw new StartupException("the key that signs checkpoints cannot be read from " + file + " (" + reason
                    + "): it must be an Ed25519 key in PKCS#8 PEM, made with `openssl genpkey -algorithm ed25519 -out "
                    + file + "`");
        }
    }

    /**
     * A new key in a file that only its owner can read, and its public key in another beside it.
     *
     * @throws StartupException when they cannot be written
     */
    public static SigningKey generate(Path secretFile, Path publicFile) {
        try {
            PrivateKey secret =
                    KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair().getPrivate();
            SigningKey key = of(secret);
            Pem.writeSecret(secretFile, Pem.PRIVATE, secret.getEncoded());
            key.verifying.write(publicFile);
            return key;
        } catch (IOException | GeneralSecurityException e) {
            throw new StartupException("no key could be written to " + secretFile + ": " + e.getMessage());
        }
    }

    private static SigningKey of(PrivateKey secret) throws GeneralSecurityException {
        if (!(secret instanceof EdECPrivateKey ed)
                || !ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
            throw new GeneralSecurityException("not an Ed25519 key");
        }
        byte[] seed = ed.getBytes().orElseThrow(() -> new GeneralSecurityException("the key's bytes are hidden"));
        return new SigningKey(secret, VerifyingKey.of(publicKey(seed)));
    }

    /** The JDK derives a public key only when it makes a pair; so it makes the pair of this seed again. */
    private static PublicKey publicKey(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance(ALGORITHM);
        pairs.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        return pairs.generateKeyPair().getPublic();
    }

    /** What others need to verify. */
    public VerifyingKey verifying() {
        return verifying;
    }

    byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(secret);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 15 signs with Ed25519", e);
        }
    }

    @Override
    public String toString() {
        return "Ed25519 key " + verifying.fingerprint();
    }
}
