"""For the check_*_against_circuit_tracer scripts: circuit-tracer's replacement model of a local Hugging Face folder, with
our transcoder folders read by circuit-tracer's own loaders. What TransformerLens does differently from transformers, and
what is done about it here, is told in check_architectures_against_circuit_tracer.py.
"""
import math

import torch
import yaml
from circuit_tracer.replacement_model.replacement_model_transformerlens import TransformerLensReplacementModel
from circuit_tracer.transcoder.activation_functions import TopK
from circuit_tracer.transcoder.cross_layer_transcoder import load_clt
from circuit_tracer.transcoder.single_layer_transcoder import load_transcoder_set
from transformer_lens import HookedTransformerConfig
from transformer_lens.pretrained.weight_conversions.gemma import convert_gemma_weights
from transformer_lens.pretrained.weight_conversions.gpt2 import convert_gpt2_weights
from transformer_lens.pretrained.weight_conversions.llama import convert_llama_weights
from transformer_lens.pretrained.weight_conversions.mistral import convert_mistral_weights
from transformer_lens.pretrained.weight_conversions.neox import convert_neox_weights
from transformer_lens.pretrained.weight_conversions.qwen2 import convert_qwen2_weights
from transformer_lens.pretrained.weight_conversions.qwen3 import convert_qwen3_weights
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

CONVERT = {"gpt2": convert_gpt2_weights, "gpt_neox": convert_neox_weights, "llama": convert_llama_weights,
           "mistral": convert_mistral_weights, "qwen2": convert_qwen2_weights, "qwen3": convert_qwen3_weights,
           "gemma2": convert_gemma_weights, "gemma3_text": convert_gemma_weights}


def hooked_config(c, name):
    """TransformerLens's configuration from transformers' one."""
    common = {"n_layers": c.num_hidden_layers, "d_model": c.hidden_size, "n_heads": c.num_attention_heads,
              "n_ctx": c.max_position_embeddings, "d_vocab": c.vocab_size, "dtype": torch.float32, "device": "cpu",
              "original_architecture": c.architectures[0], "model_name": name}
    width = c.hidden_size // c.num_attention_heads
    if c.model_type == "gpt2":
        return common | {"d_head": width, "d_mlp": c.n_inner or 4 * c.n_embd, "act_fn": c.activation_function,
                         "eps": c.layer_norm_epsilon, "normalization_type": "LN", "positional_embedding_type": "standard"}
    common |= {"positional_embedding_type": "rotary", "rotary_adjacent_pairs": False, "d_mlp": c.intermediate_size}
    if c.model_type == "gpt_neox":
        return common | {"d_head": width, "act_fn": c.hidden_act, "eps": c.layer_norm_eps, "normalization_type": "LN",
                         "rotary_dim": round(c.rotary_pct * width), "rotary_base": int(c.rotary_emb_base),
                         "parallel_attn_mlp": c.use_parallel_residual}
    width = getattr(c, "head_dim", None) or width
    config = common | {
        "d_head": width, "n_key_value_heads": c.num_key_value_heads, "eps": c.rms_norm_eps, "normalization_type": "RMS",
        "final_rms": True, "gated_mlp": True, "rotary_dim": width, "rotary_base": int(c.rope_theta),
        "act_fn": getattr(c, "hidden_activation", None) or c.hidden_act, "use_qk_norm": c.model_type in ("qwen3", "gemma3_text")}
    kinds = getattr(c, "layer_types", None) or ["sliding_attention" if c.model_type == "mistral" else ""] * c.num_hidden_layers
    if getattr(c, "sliding_window", None) and "sliding_attention" in kinds:
        config |= {"use_local_attn": True, "window_size": c.sliding_window,
                   "attn_types": ["local" if kind == "sliding_attention" else "global" for kind in kinds]}
    if c.model_type.startswith("gemma"):
        config |= {"use_normalization_before_and_after": True, "attn_scale": math.sqrt(c.query_pre_attn_scalar),
                   "attn_scores_soft_cap": c.attn_logit_softcapping or -1.0,
                   "output_logits_soft_cap": c.final_logit_softcapping or -1.0}
    if c.model_type == "gemma3_text":
        config["rotary_base_local"] = int(c.rope_local_base_freq)
    scaling = c.rope_scaling or {"rope_type": "default"}
    if scaling["rope_type"] == "llama3":
        config |= {"use_NTK_by_parts_rope": True, "NTK_by_parts_factor": scaling["factor"],
                   "NTK_by_parts_low_freq_factor": scaling["low_freq_factor"],
                   "NTK_by_parts_high_freq_factor": scaling["high_freq_factor"],
                   "NTK_original_ctx_len": scaling["original_max_position_embeddings"]}
    elif scaling["rope_type"] == "yarn":
        config |= {"use_yarn_rope": True, "yarn_factor": scaling["factor"],
                   "yarn_original_max_position_embeddings": scaling["original_max_position_embeddings"],
                   "yarn_attention_factor": 0.1 * math.log(scaling["factor"]) + 1}
    elif scaling["rope_type"] == "linear":
        config["rotary_scaling_factor"] = scaling["factor"]
    return config


def read_tokenizer(folder):
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    begin = AutoConfig.from_pretrained(folder).bos_token_id
    tokenizer.bos_token = "<bos>" if "<bos>" in tokenizer.get_vocab() else tokenizer.convert_ids_to_tokens(begin)
    return tokenizer


def read_transcoders(folder, layers, hook=None):
    """By circuit-tracer's loaders. hook: an input site other than the one config.yaml names."""
    config = yaml.safe_load((folder / "config.yaml").read_text())
    options = {"feature_input_hook": hook or config["feature_input_hook"], "scan": config["scan"],
               "feature_output_hook": config["feature_output_hook"], "dtype": torch.float32, "device": torch.device("cpu")}
    if config["model_kind"] == "cross_layer_transcoder":
        return load_clt(str(folder), **options)
    transcoders = load_transcoder_set({i: str(folder / f"layer_{i}.safetensors") for i in range(layers)}, **options)
    if config.get("activation") == "topk":  # it has the function but reads no k
        for layer in transcoders.transcoders:
            layer.activation_function = TopK(config["k"])
    return transcoders


def replacement_model(folder, transcoder_folder, hook=None, own_rotary=True, masked_skip=False):
    """own_rotary: each layer keeps its rotary table, which circuit-tracer would replace by the last layer's.
    masked_skip: no skip at the masked position, as we have it."""
    old = folder / "config-transformers4.json"
    config = AutoConfig.from_pretrained(old if old.exists() else folder)
    hf = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, config=config)
    model = TransformerLensReplacementModel(HookedTransformerConfig(**hooked_config(hf.config, "tiny-" + folder.name)))
    model.tokenizer = read_tokenizer(folder)
    weights = CONVERT[hf.config.model_type](hf, model.cfg)
    missing, unexpected = model.load_state_dict(weights, strict=False)
    missing = [k for k in missing if k.rpartition(".")[2] not in ("mask", "IGNORE", "rotary_sin", "rotary_cos")]
    assert not unexpected and missing in ([], ["unembed.b_U"]) and not model.unembed.b_U.any(), (missing, unexpected)
    tables = [(b.attn.rotary_sin, b.attn.rotary_cos) if hasattr(b.attn, "rotary_sin") else None for b in model.blocks]
    transcoders = read_transcoders(transcoder_folder, model.cfg.n_layers, hook)
    if masked_skip:
        whole = transcoders.compute_skip

        def skip(layer, inputs):
            return whole(layer, inputs) * (torch.arange(inputs.shape[-2]) > 0)[:, None]
        transcoders.compute_skip = skip
    model._configure_replacement_model(transcoders)
    for block, table in zip(model.blocks, tables):
        if own_rotary and table:
            block.attn.rotary_sin, block.attn.rotary_cos = table
    return model
