"""Makes the folders of src/test/resources/tokenizers: one small tokenizer for each way in which models write tokens.

Needs only `tokenizers` and `transformers` (made with 0.23.3 and 5.23.0); run from libraries/circuits:
    python src/test/python/make_tokenizer_fixtures.py
"""

import json
from pathlib import Path

from tokenizers import (AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors,
                        trainers)
from transformers import PreTrainedTokenizerFast
from transformers.convert_slow_tokenizer import bytes_to_unicode

OUT = Path(__file__).parent.parent / "resources" / "tokenizers"
CORPUS = [
    "The capital of the state containing Dallas is Austin.",
    "The capital of the state containing Oakland is Sacramento.",
    "Austin is the capital of Texas, and Dallas is in Texas.",
    "The opposite of small is large; the opposite of hot is cold.",
    "user model assistant system: what is the capital of France? Paris is the capital of France.",
    "It costs 5 € or 12 € in Zürich, naïve café. 日本の首都は東京です。",
    "line one\nline two\n\tindented\n",
    "user user user",
] * 4
TEXTS = [
    "The capital of the state containing Dallas is Austin",
    " Austin",
    "Austin",
    "zebra quiz 42",
    "It costs 5 € in Zürich",
    "東京 🙂 tokyo",
    "e\u0301 and \u00e9",
    "line one\n\n\tline two  \n",
    "  two  spaces ",
    "",
    " ",
    "{first}The capital",
    "{other}user\nHello",
]
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
          r"|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
BYTES = {c: b for b, c in bytes_to_unicode().items()}


def train(tokenizer, trainer, special):
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in special])
    return tokenizer


def bpe(tokenizer, special, size=420, alphabet=()):
    return train(tokenizer, trainers.BpeTrainer(vocab_size=size, special_tokens=special, show_progress=False,
                                                initial_alphabet=list(alphabet)), special)


def byte_level(special, split=None, normalizer=None, ignore_merges=False):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=split is None)
    tokenizer.pre_tokenizer = level if split is None else pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(split), "isolated"), level])
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.decoder = decoders.ByteLevel()
    # As published: the alphabet and the merges first, special tokens at the end.
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=400, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in special])
    return tokenizer


def begins_with(tokenizer, token):
    return processors.TemplateProcessing(single=f"{token}:0 $A:0", pair=f"{token}:0 $A:0 {token}:1 $B:1",
                                         special_tokens=[(token, tokenizer.token_to_id(token))])


def gpt2():
    tokenizer = byte_level(["<|endoftext|>"])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    # OpenAI's own file names no token: the identity is in config.json.
    return tokenizer, None, {"bos_token_id": tokenizer.token_to_id("<|endoftext|>")}


def llama3():
    tokenizer = byte_level(["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>",
                            "<|eot_id|>"], LLAMA3, ignore_merges=True)
    tokenizer.post_processor = processors.Sequence(
        [processors.ByteLevel(trim_offsets=True), begins_with(tokenizer, "<|begin_of_text|>")])
    return tokenizer, {"bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>"}, {}


def qwen2():
    tokenizer = byte_level(["<|endoftext|>", "<|im_start|>", "<|im_end|>"], QWEN, normalizers.NFC())
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer, {"add_bos_token": False, "bos_token": None, "eos_token": "<|im_end|>",
                       "pad_token": "<|endoftext|>"}, {"bos_token_id": tokenizer.token_to_id("<|endoftext|>")}


def sentence_pieces(special, normalizer, alphabet_size):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizer
    tokens = special + [f"<0x{b:02X}>" for b in range(256)]
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=len(tokens) + 170, special_tokens=tokens, show_progress=False, limit_alphabet=alphabet_size))
    raw = json.loads(tokenizer.to_str())
    # Bytes are no added tokens in published files.
    raw["added_tokens"] = [t for t in raw["added_tokens"] if t["content"] in special]
    return Tokenizer.from_str(json.dumps(raw))


def llama2():
    tokenizer = sentence_pieces(["<unk>", "<s>", "</s>"], normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]), 40)
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                           decoders.Strip(" ", 1, 0)])
    tokenizer.post_processor = begins_with(tokenizer, "<s>")
    bos = {"__type": "AddedToken", "content": "<s>", "lstrip": False, "normalized": False, "rstrip": False,
           "single_word": False}
    return tokenizer, {"add_bos_token": True, "bos_token": bos, "eos_token": {**bos, "content": "</s>"},
                       "unk_token": "<unk>", "pad_token": None}, {}


def gemma():
    tokenizer = sentence_pieces(["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"],
                                normalizers.Replace(" ", "▁"), 45)
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.post_processor = begins_with(tokenizer, "<bos>")
    return tokenizer, {"add_bos_token": True, "bos_token": "<bos>", "eos_token": "<eos>", "pad_token": "<pad>",
                       "unk_token": "<unk>"}, {}


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    train(tokenizer, trainers.UnigramTrainer(vocab_size=180, special_tokens=["<pad>", "</s>", "<unk>"],
                                             unk_token="<unk>", show_progress=False), [])
    return tokenizer, {"eos_token": "</s>", "unk_token": "<unk>"}, {"bos_token_id": 0}


def word_piece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    train(tokenizer, trainers.WordPieceTrainer(vocab_size=220, special_tokens=special, show_progress=False), special)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(s, tokenizer.token_to_id(s)) for s in ("[CLS]", "[SEP]")])
    return tokenizer, {"bos_token": "[CLS]", "pad_token": "[PAD]", "unk_token": "[UNK]"}, {}


def word_level():
    tokenizer = Tokenizer(models.WordLevel(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    special = ["<unk>", "<eos>"]
    train(tokenizer, trainers.WordLevelTrainer(special_tokens=special, show_progress=False), special)
    return tokenizer, None, {"bos_token_id": None, "pad_token_id": None,
                             "eos_token_id": [tokenizer.token_to_id("<eos>"), 0]}


def begin(fast, config):
    """The candidates of circuit-tracer's ensure_tokenized, where a token with id 0 is one like any other."""
    named = [fast.bos_token_id, fast.pad_token_id, fast.eos_token_id]
    if any(i is not None for i in named):
        return next(i for i in named if i is not None)
    keys = [config.get(k) for k in ("bos_token_id", "pad_token_id", "eos_token_id")]
    return next(k[0] if isinstance(k, list) else k for k in keys if k is not None)


def prompt(fast, first, unknown, text):
    """What circuit-tracer runs on: the tokenizer's own special tokens, and one in front if there is none yet."""
    ids = [i for i in fast(text).input_ids]
    plain = fast(text, add_special_tokens=False).input_ids
    if ids[:1] == [first] and plain[:1] != [first]:
        return [first] + plain
    special = {t for t, a in fast.added_tokens_decoder.items() if a.special} - {unknown}
    return plain if plain and plain[0] in special else [first] + plain


def readable(tokenizer, piece, spelling):
    if spelling == "bytes" and not any(piece == t.content for t in tokenizer.get_added_tokens_decoder().values()):
        data = bytes(BYTES[c] for c in piece)
    elif spelling == "pieces" and piece.startswith("<0x"):
        data = bytes([int(piece[3:5], 16)])
    else:
        data = piece.replace("▁", " ").encode()
    text = data.decode("utf-8", "surrogateescape")
    text = "".join(f"⟨{ord(c) - 0xDC00:02X}⟩" if 0xDC80 <= ord(c) <= 0xDCFF else c for c in text)
    return text.replace("\n", "⏎").replace("\t", "→").replace("\r", "↵")


def write(name, spelling, made):
    tokenizer, config, model_config = made
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    raw = json.loads(tokenizer.to_str())
    (folder / "tokenizer.json").write_text(json.dumps(raw, ensure_ascii=False, separators=(",", ":")))
    if config is not None:
        (folder / "tokenizer_config.json").write_text(json.dumps(config))
    names = {k: v["content"] if isinstance(v, dict) else v for k, v in (config or {}).items() if k.endswith("_token")
             and isinstance(v, (str, dict))}
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names)
    first = begin(fast, model_config)
    unknown = tokenizer.token_to_id(next((u for u in ("<unk>", "[UNK]") if tokenizer.token_to_id(u) is not None), ""))
    cases = []
    added = [t.content for t in tokenizer.get_added_tokens_decoder().values() if t.special]
    for text in TEXTS:
        text = text.replace("{first}", tokenizer.id_to_token(first)).replace("{other}", added[-1])
        encoding = tokenizer.encode(text, add_special_tokens=False)
        cases.append({"text": text, "ids": encoding.ids, "offsets": encoding.offsets,
                      "prompt": prompt(fast, first, unknown, text),
                      "readable": [readable(tokenizer, t, spelling) for t in map(tokenizer.id_to_token, encoding.ids)]})
    (folder / "expected.json").write_text(json.dumps(
        {"config": model_config, "vocabulary": tokenizer.get_vocab_size(), "begin": first, "cases": cases},
        ensure_ascii=False, separators=(",", ":")))
    print(name, tokenizer.get_vocab_size(), (folder / "tokenizer.json").stat().st_size)


if __name__ == "__main__":
    for name, spelling, made in [("gpt2", "bytes", gpt2()), ("llama3", "bytes", llama3()), ("qwen2", "bytes", qwen2()),
                                 ("llama2", "pieces", llama2()), ("gemma", "pieces", gemma()),
                                 ("unigram", "pieces", unigram()), ("word-piece", "words", word_piece()),
                                 ("word-level", "words", word_level())]:
        write(name, spelling, made)
