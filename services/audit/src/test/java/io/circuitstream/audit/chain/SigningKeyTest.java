package io.circuitstream.audit.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.platform.stream.StartupException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {
    /** RFC 8032, 7.1, test 2. */
    private static final String SECRET = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";

    private static final String PUBLIC = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    private static final String SIGNATURE = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    private static final byte[] MESSAGE = {0x72};

    @TempDir
    Path folder;

    @Test
    void shouldSignAsTheStandardSaysAndDeriveThePublicKey() throws Exception {
        Path file = folder.resolve("rfc.pem");
        Pem.writeSecret(file, Pem.PRIVATE, HexFormat.of().parseHex("302e020100300506032b657004220420" + SECRET));

        SigningKey key = SigningKey.load(file);

        assertThat(HexFormat.of().formatHex(key.sign(MESSAGE))).isEqualTo(SIGNATURE);
        assertThat(HexFormat.of().formatHex(key.verifying().key().getEncoded())).endsWith(PUBLIC);
    }

    @Test
    void shouldReadWhatItWroteAndVerifyOnlyItsOwnSignatures() {
        SigningKey made = SigningKey.generate(folder.resolve("key.pem"), folder.resolve("key.pub.pem"));

        VerifyingKey verifying = VerifyingKey.load(folder.resolve("key.pub.pem"));

        assertThat(SigningKey.load(folder.resolve("key.pem")).verifying()).isEqualTo(verifying);
        assertThat(verifying.verifies(MESSAGE, made.sign(MESSAGE))).isTrue();
        assertThat(verifying.verifies(new byte[] {1}, made.sign(MESSAGE))).isFalse();
        assertThat(verifying.verifies(MESSAGE, new byte[7])).isFalse();
    }

    @Test
    void shouldLetOnlyItsOwnerReadTheSecretAndOverwriteNothing() throws Exception {
        Path file = folder.resolve("key.pem");
        SigningKey.generate(file, folder.resolve("key.pub.pem"));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> SigningKey.generate(file, folder.resolve("key.pub.pem")))
                .isInstanceOf(StartupException.class);
    }

    @Test
    void shouldNameTheFileAndNotItsContentWhenItIsNoSuchKey() throws Exception {
        Path garbage = Files.writeString(
                folder.resolve("garbage.pem"), "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
        Path other = folder.resolve("x448.pem");
        Pem.writeSecret(
                other,
                Pem.PRIVATE,
                KeyPairGenerator.getInstance("Ed448")
                        .generateKeyPair()
                        .getPrivate()
                        .getEncoded());

        for (Path file : new Path[] {garbage, other, folder.resolve("nowhere.pem"), folder}) {
            assertThatThrownBy(() -> SigningKey.load(file))
                    .isInstanceOf(StartupException.class)
                    .hasNoCause()
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("openssl genpkey -algorithm ed25519")
                    .hasMessageNotContaining("c2VjcmV0");
        }
        assertThatThrownBy(() -> VerifyingKey.load(garbage))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("openssl pkey");
    }
}
