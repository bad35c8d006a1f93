package io.circuitstream.description.shares;

import io.circuitstream.description.packed.PackedReader;
import io.circuitstream.description.packed.PackedWriter;
import io.circuitstream.events.LabelSource;
import java.nio.charset.StandardCharsets;

/** The bytes of a share: a kind, then its parts as counts; about seven bytes for each activation. */
public final class ShareCodec {
    private static final int PROMPT = 1;
    private static final int LABEL = 2;

    private ShareCodec() {}

    public static byte[] encode(Share share) {
        return share instanceof PromptShare prompt ? encode(prompt) : encode((LabelShare) share);
    }

    /** What {@link #encode} was given. @throws IllegalArgumentException for bytes that are no share */
    public static Share decode(byte[] bytes) {
        PackedReader in = new PackedReader(bytes);
        int kind = in.small();
        Share share =
                switch (kind) {
                    case PROMPT -> prompt(in);
                    case LABEL -> label(in);
                    default ->
                        throw new IllegalArgumentException("a share of kind " + kind + ": written by a newer version?");
                };
        if (!in.isAtEnd()) {
            throw new IllegalArgumentException("bytes are left over after the share");
        }
        return share;
    }

    private static byte[] encode(PromptShare share) {
        PackedWriter out = new PackedWriter(32 + 2 * share.tokens().length + 9 * share.count())
                .count(PROMPT)
                .word(share.prompt())
                .count(share.tokens().length);
        for (int token : share.tokens()) {
            out.count(token);
        }
        out.count(share.masked()).count(share.next() + 1L).count(share.count());
        for (int i = 0; i < share.count(); i++) {
            out.count(share.layer()[i])
                    .count(share.feature()[i])
                    .count(share.position()[i])
                    .real(share.activation()[i]);
        }
        return out.toBytes();
    }

    private static PromptShare prompt(PackedReader in) {
        long prompt = in.word();
        int[] tokens = new int[in.small()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = in.small();
        }
        int masked = in.small();
        int next = in.small() - 1;
        int n = in.small();
        PromptShare share =
                new PromptShare(prompt, tokens, masked, next, new int[n], new int[n], new int[n], new float[n]);
        for (int i = 0; i < n; i++) {
            share.layer()[i] = in.small();
            share.feature()[i] = in.small();
            share.position()[i] = in.small();
            share.activation()[i] = in.real();
        }
        return share;
    }

    private static byte[] encode(LabelShare share) {
        byte[] text = share.text().getBytes(StandardCharsets.UTF_8);
        byte[] author = share.author().getBytes(StandardCharsets.UTF_8);
        return new PackedWriter(32 + text.length + author.length)
                .count(LABEL)
                .count(share.layer())
                .count(share.feature())
                .count(share.source() == LabelSource.PERSON ? 1 : 0)
                .count(text.length)
                .raw(text)
                .count(author.length)
                .raw(author)
                .word(share.time())
                .toBytes();
    }

    private static LabelShare label(PackedReader in) {
        return new LabelShare(
                in.small(),
                in.small(),
                in.small() == 1 ? LabelSource.PERSON : LabelSource.LANGUAGE_MODEL,
                new String(in.raw(in.small()), StandardCharsets.UTF_8),
                new String(in.raw(in.small()), StandardCharsets.UTF_8),
                in.word());
    }
}
