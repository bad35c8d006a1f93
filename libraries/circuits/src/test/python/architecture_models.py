"""Tiny random models of every architecture for make_architecture_fixtures.py, and the layouts checkpoints have."""
import copy
import json
from dataclasses import dataclass, field

import torch
from safetensors.torch import load_file, save_file
from transformers import (AutoModelForCausalLM, Gemma2Config, Gemma3ForConditionalGeneration, Gemma3TextConfig,
                          GPT2Config, GPTNeoXConfig, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config)

V, HEADS, POSITIONS = 40, 4, 32
COMMON = {"vocab_size": V, "attn_implementation": "eager", "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": None}
SIZES = COMMON | {"hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 3, "num_attention_heads": HEADS,
                  "max_position_embeddings": POSITIONS}
GQA = SIZES | {"num_key_value_heads": 2}


def rope(theta, kind="default", **more):
    return {"rope_type": kind, "rope_theta": theta} | more


@dataclass
class Architecture:
    """faults: config changes that a wrong reader would make; each must move the logits, or no test would see it.
    hub: keys that transformers 4's config.json has and 5's lacks. as_written: config.json stays in 5's layout, with 4's
    beside it. bf16: weights that bfloat16 holds exactly."""
    config: type
    options: dict
    faults: dict
    hub: dict = field(default_factory=dict)
    as_written: bool = False
    bf16: bool = False

    def build(self, **changes):
        return AutoModelForCausalLM.from_config(self.config(**copy.deepcopy(self.options | changes))).eval()


# Head width 8 where RoPE has several bands, so that at 32 original positions and theta 500 the wavelengths
# (6.3, 30, 141, 664) fall above, between and below llama3's limits (32/4 and 32/1), and within yarn's ramp.
BANDS = {"head_dim": 8, "max_position_embeddings": 128}
LLAMA3 = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 32}
YARN = {"factor": 4.0, "original_max_position_embeddings": 32}
ALTERNATING = ["sliding_attention", "full_attention", "sliding_attention"]
GEMMA3_LAYERS = ["sliding_attention", "sliding_attention", "full_attention", "sliding_attention"]
GEMMA3_ROPE = {"sliding_attention": rope(100.0), "full_attention": rope(10000.0, "linear", factor=8.0)}


def full(layers):
    return {"layer_types": ["full_attention"] * layers}


ARCHITECTURES = {
    "gpt2": Architecture(
        GPT2Config, COMMON | {"n_embd": 16, "n_layer": 3, "n_head": HEADS, "n_positions": POSITIONS},
        {"exact GELU": {"activation_function": "gelu"}, "epsilon": {"layer_norm_epsilon": 1e-2}}, {"n_ctx": POSITIONS}),
    # d 32: a quarter of a head's 8 dimensions rotate, the least that is a pair.
    "gpt-neox": Architecture(
        GPTNeoXConfig, SIZES | {"hidden_size": 32, "rope_parameters": rope(10000.0, partial_rotary_factor=0.25)},
        {"sequential": {"use_parallel_residual": False},
         "whole rotation": {"rope_parameters": rope(10000.0, partial_rotary_factor=1.0)},
         "tanh GELU": {"hidden_act": "gelu_new"}}),
    "gpt-neox-sequential": Architecture(
        GPTNeoXConfig, SIZES | {"use_parallel_residual": False,
                                "rope_parameters": rope(10000.0, partial_rotary_factor=1.0)},
        {"parallel": {"use_parallel_residual": True},
         "half rotation": {"rope_parameters": rope(10000.0, partial_rotary_factor=0.5)}}),
    "llama3": Architecture(
        LlamaConfig, GQA | BANDS | {"tie_word_embeddings": True, "rope_parameters": rope(500.0, "llama3", **LLAMA3)},
        {"no scaling": {"rope_parameters": rope(500.0)},
         "linear": {"rope_parameters": rope(500.0, "linear", factor=8.0)},
         "no middle band": {"rope_parameters": rope(500.0, "llama3", **(LLAMA3 | {"high_freq_factor": 1.001}))}}),
    "llama-linear": Architecture(
        LlamaConfig, GQA | {"attention_bias": True, "mlp_bias": True, "rope_parameters": rope(10000.0, "linear", factor=4.0)},
        {"no scaling": {"rope_parameters": rope(10000.0)}}),
    "llama-yarn": Architecture(
        LlamaConfig, GQA | BANDS | {"rope_parameters": rope(500.0, "yarn", **YARN)},
        {"no scaling": {"rope_parameters": rope(500.0)},
         "linear": {"rope_parameters": rope(500.0, "linear", factor=4.0)},
         "no attention factor": {"rope_parameters": rope(500.0, "yarn", attention_factor=1.0, **YARN)}}),
    "mistral": Architecture(
        MistralConfig, GQA | {"sliding_window": 4, "rope_parameters": rope(10000.0)},
        {"no window": {"sliding_window": None}, "window 5": {"sliding_window": 5}}),
    "qwen2": Architecture(
        Qwen2Config, GQA | {"use_sliding_window": True, "sliding_window": 4, "max_window_layers": 1,
                            "rope_parameters": rope(1e6)},
        {"no window": full(3), "window everywhere": {"layer_types": ["sliding_attention"] * 3},
         "default theta": {"rope_parameters": rope(10000.0)}}),
    "qwen3": Architecture(
        Qwen3Config, GQA | {"head_dim": 8, "tie_word_embeddings": True, "rope_parameters": rope(1e6)},
        {"default theta": {"rope_parameters": rope(10000.0)}}, as_written=True),
    "gemma2": Architecture(
        Gemma2Config, GQA | {"head_dim": 4, "query_pre_attn_scalar": 3, "attn_logit_softcapping": 2.0,
                             "final_logit_softcapping": 3.0, "sliding_window": 4, "layer_types": ALTERNATING,
                             "rope_parameters": rope(10000.0)},
        {"no window": full(3), "odd layers slide": {"layer_types": ["full_attention", "sliding_attention", "full_attention"]},
         "no attention cap": {"attn_logit_softcapping": None}, "no final cap": {"final_logit_softcapping": None},
         "1/sqrt(head_dim)": {"query_pre_attn_scalar": 4}, "exact GELU": {"hidden_activation": "gelu"}}, as_written=True),
    "gemma3": Architecture(
        Gemma3TextConfig, GQA | {"head_dim": 8, "num_hidden_layers": 4, "query_pre_attn_scalar": 2, "sliding_window": 4,
                                 "layer_types": GEMMA3_LAYERS, "rope_parameters": GEMMA3_ROPE},
        {"no window": full(4), "1/sqrt(head_dim)": {"query_pre_attn_scalar": 8},
         "global theta everywhere": {"rope_parameters": GEMMA3_ROPE | {"sliding_attention": rope(10000.0)}},
         "scaled everywhere": {"rope_parameters": GEMMA3_ROPE | {"sliding_attention": rope(100.0, "linear", factor=8.0)}},
         "no scaling": {"rope_parameters": GEMMA3_ROPE | {"full_attention": rope(10000.0)}}},
        {"sliding_window_pattern": 3}, bf16=True)}


@dataclass
class Parts:
    """Where a model keeps what tests compare. mlp_norm and mlp_out yield, for a layer, the norm that the MLP reads and
    the module whose output is added to the stream."""
    embedding: torch.nn.Module
    layers: torch.nn.ModuleList
    mlp_norm: object
    mlp_out: object
    head: torch.nn.Module


def parts(model):
    kind = model.config.model_type
    if kind == "gpt2":
        return Parts(model.transformer.wte, model.transformer.h, lambda y: y.ln_2, lambda y: y.mlp, model.lm_head)
    if kind == "gpt_neox":
        return Parts(model.gpt_neox.embed_in, model.gpt_neox.layers, lambda y: y.post_attention_layernorm,
                     lambda y: y.mlp, model.lm_head)
    gemma = kind.startswith("gemma")
    return Parts(model.model.embed_tokens, model.model.layers,
                 lambda y: y.pre_feedforward_layernorm if gemma else y.post_attention_layernorm,
                 lambda y: y.post_feedforward_layernorm if gemma else y.mlp, model.lm_head)


@torch.no_grad()
def randomise(model, bf16):
    """Gains chosen by eye, as the Llama fixture's: attention well away from uniform, a handful of likely next tokens.
    A matrix' standard deviation is its gain divided by the square root of what it sums over."""
    tied, gemma = model.config.tie_word_embeddings, model.config.model_type.startswith("gemma")
    gains = {"c_attn": 1.5, "query_key_value": 1.5, "q_proj": 1.6, "k_proj": 1.6, "v_proj": 1.0, "o_proj": 1.0,
             "dense": 1.0, "gate_proj": 1.4, "up_proj": 1.2, "down_proj": 1.2, "c_fc": 1.5, "dense_h_to_4h": 1.5,
             "c_proj": 1.2, "dense_4h_to_h": 1.5, "lm_head": 2.8}
    embeddings = {"wte": 0.7, "wpe": 0.4, "embed_in": 1.0, "embed_tokens": 0.35 if gemma else 0.7 if tied else 1.0}
    for name, p in model.named_parameters():
        module, kind = name.split(".")[-2:]
        if kind == "bias":
            p.copy_(torch.randn(p.shape) * 0.3)
        elif "norm" in module or module.startswith("ln_"):
            low = -0.5 if gemma else 1.0 if module in ("q_norm", "k_norm") else 0.5  # Gemma's gain is 1 + w
            p.copy_(torch.rand(p.shape) + low)
        elif module in embeddings:
            p.copy_(torch.randn(p.shape) * embeddings[module])
        else:
            inputs = p.shape[0] if type(model.get_submodule(name.rpartition(".")[0])).__name__ == "Conv1D" else p.shape[1]
            p.copy_(torch.randn(p.shape) * gains[module] / inputs ** 0.5)
        if bf16:
            p.copy_(p.bfloat16())


def write_json(value, path):
    path.write_text(json.dumps(value, indent=2) + "\n")


# What checkpoints' files say only when it is not the default; tied embeddings among them.
UNSAID = ("tie_word_embeddings", "attention_bias", "n_inner", "is_decoder", "add_cross_attention", "scale_attn_weights",
          "scale_attn_by_inverse_layer_idx", "reorder_and_upcast_attn", "use_bidirectional_attention")


def hub_config(config, architecture):
    """transformers 4's layout of a config.json that transformers 5 wrote."""
    defaults = architecture.config().to_dict()
    config = {k: v for k, v in config.items() if k not in ("layer_types", "_sliding_window_pattern")
              and not (k in UNSAID and v == defaults[k])}
    rope, kind = config.pop("rope_parameters", None), config["model_type"]
    if kind == "gemma3_text":
        config["rope_local_base_freq"] = rope["sliding_attention"]["rope_theta"]
        rope = rope["full_attention"]
    if rope is not None:
        rope = dict(rope)
        config["rotary_emb_base" if kind == "gpt_neox" else "rope_theta"] = rope.pop("rope_theta")
        if kind == "gpt_neox":
            config["rotary_pct"] = rope.pop("partial_rotary_factor")
        config["rope_scaling"] = None if rope["rope_type"] == "default" else rope
    if kind in ("llama", "mistral") and config["head_dim"] == config["hidden_size"] // HEADS:
        del config["head_dim"]  # most files leave it out then; of Gemma, whose default is 256, none does
    config |= architecture.hub | {"torch_dtype": config.pop("dtype"), "transformers_version": "4.57.3"}
    return dict(sorted(config.items()))


def save_model(model, architecture, folder):
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    path = folder / "config.json"
    config = json.loads(path.read_text())
    write_json(hub_config(config, architecture),
               path.with_name("config-transformers4.json") if architecture.as_written else path)


def save_gpt2_as_on_the_hub(model, folder):
    """gpt2's own checkpoint: no prefix, and the causal mask of each layer as a tensor `attn.bias`, which is no bias."""
    mask = torch.ones(POSITIONS, POSITIONS).tril()[None, None]
    tensors = {k: v.contiguous() for k, v in model.transformer.state_dict().items()}
    tensors |= {f"h.{l}.attn.bias": mask.clone() for l in range(model.config.n_layer)}
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})


def add_neox_buffers(model, folder):
    """What Pythia's checkpoints hold besides weights: per layer a causal mask of booleans, a number and frequencies."""
    tensors = load_file(folder / "model.safetensors")
    assert "embed_out.weight" in tensors, "transformers renames lm_head back to what it is in files"
    rotary = int(model.config.hidden_size // HEADS * model.config.rope_parameters["partial_rotary_factor"])
    for l in range(model.config.num_hidden_layers):
        tensors |= {f"gpt_neox.layers.{l}.attention.{k}": v for k, v in {
            "bias": torch.ones(POSITIONS, POSITIONS, dtype=torch.bool).tril()[None, None],
            "masked_bias": torch.tensor(-1e9),
            "rotary_emb.inv_freq": 10000.0 ** (-torch.arange(0, rotary, 2) / rotary)}.items()}
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})


def save_gemma3_multimodal(model, text, folder):
    """The text model inside gemma-3-4b's layout: names, nested config without values that are the defaults, two shards."""
    defaults = Gemma3TextConfig().to_dict()
    nested = {k: v for k, v in text.items() if k in ("rope_theta", "rope_local_base_freq", "rope_scaling", "model_type",
                                                     "sliding_window_pattern") or k in defaults and v != defaults[k]}
    nested = {k: v for k, v in nested.items() if k not in ("architectures", "torch_dtype", "transformers_version")}
    vision = {"hidden_size": 8, "image_size": 4, "intermediate_size": 8, "model_type": "siglip_vision_model",
              "num_attention_heads": 2, "num_hidden_layers": 1, "patch_size": 2, "vision_use_head": False}
    folder.mkdir()
    write_json({"architectures": ["Gemma3ForConditionalGeneration"], "boi_token_index": 36, "eoi_token_index": 37,
                "eos_token_id": [2], "image_token_index": 38, "initializer_range": 0.02, "mm_tokens_per_image": 4,
                "model_type": "gemma3", "text_config": nested, "torch_dtype": "bfloat16",
                "transformers_version": "4.57.3", "vision_config": vision}, folder / "config.json")
    tensors = {f"language_model.{k}": v for k, v in model.state_dict().items() if k != "lm_head.weight"}
    tensors |= {"multi_modal_projector.mm_soft_emb_norm.weight": torch.randn(8),
                "vision_tower.vision_model.embeddings.patch_embedding.weight": torch.randn(8, 3, 2, 2)}
    tensors = {k: v.bfloat16().contiguous() for k, v in sorted(tensors.items())}
    names = sorted(tensors)
    shards = {f"model-0000{i + 1}-of-00002.safetensors": names[i::2] for i in range(2)}
    for shard, held in shards.items():
        save_file({k: tensors[k] for k in held}, folder / shard, {"format": "pt"})
    write_json({"metadata": {"total_size": sum(t.nbytes for t in tensors.values())},
                "weight_map": dict(sorted((k, shard) for shard, held in shards.items() for k in held))},
               folder / "model.safetensors.index.json")


def load(folder):
    """The folder as transformers reads it, the multimodal one included."""
    kind = json.loads((folder / "config.json").read_text())["model_type"]
    loader = Gemma3ForConditionalGeneration if kind == "gemma3" else AutoModelForCausalLM
    return loader.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
