package io.circuitstream.training.languagemodel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.training.corpus.Vocabulary;

/** The vocabulary as a Hugging Face tokenizer: words between white space, {@code <bos>} put first. */
final class TokenizerFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenizerFile() {}

    /** The content of {@code tokenizer.json}. */
    static JsonNode tokenizer(Vocabulary vocabulary) {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < Vocabulary.SPECIAL.size(); id++) {
            added.add(special(id, Vocabulary.SPECIAL.get(id)));
        }
        root.putNull("normalizer");
        root.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        root.set("post_processor", beginFirst());
        root.putNull("decoder");
        ObjectNode model = root.putObject("model");
        model.put("type", "WordLevel");
        ObjectNode ids = model.putObject("vocab");
        for (int id = 0; id < vocabulary.size(); id++) {
            ids.put(vocabulary.word(id), id);
        }
        model.put("unk_token", Vocabulary.SPECIAL.get(Vocabulary.UNKNOWN));
        return root;
    }

    /** The content of {@code tokenizer_config.json}. */
    static JsonNode configuration(int maxLength) {
        ObjectNode root = JSON.createObjectNode();
        root.put("tokenizer_class", "PreTrainedTokenizerFast");
        root.put("bos_token", Vocabulary.SPECIAL.get(Vocabulary.BEGIN));
        root.put("eos_token", Vocabulary.SPECIAL.get(Vocabulary.END));
        root.put("pad_token", Vocabulary.SPECIAL.get(Vocabulary.PADDING));
        root.put("unk_token", Vocabulary.SPECIAL.get(Vocabulary.UNKNOWN));
        root.put("model_max_length", maxLength);
        root.put("clean_up_tokenization_spaces", false);
        return root;
    }

    private static ObjectNode special(int id, String content) {
        ObjectNode token = JSON.createObjectNode();
        token.put("id", id);
        token.put("content", content);
        token.put("single_word", false);
        token.put("lstrip", false);
        token.put("rstrip", false);
        token.put("normalized", false);
        token.put("special", true);
        return token;
    }

    private static ObjectNode beginFirst() {
        String begin = Vocabulary.SPECIAL.get(Vocabulary.BEGIN);
        ObjectNode processor = JSON.createObjectNode();
        processor.put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        single.add(piece("SpecialToken", begin, 0)).add(piece("Sequence", "A", 0));
        ArrayNode pair = processor.putArray("pair");
        pair.add(piece("SpecialToken", begin, 0)).add(piece("Sequence", "A", 0)).add(piece("Sequence", "B", 1));
        ObjectNode special = processor.putObject("special_tokens").putObject(begin);
        special.put("id", begin);
        special.putArray("ids").add(Vocabulary.BEGIN);
        special.putArray("tokens").add(begin);
        return processor;
    }

    private static ObjectNode piece(String kind, String id, int type) {
        ObjectNode outer = JSON.createObjectNode();
        outer.putObject(kind).put("id", id).put("type_id", type);
        return outer;
    }
}
