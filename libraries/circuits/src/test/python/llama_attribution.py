"""Attribution ground truth by autograd, in float64, for make_llama_fixture.py: no adjoint is written by hand here.
graph_truth serves make_architecture_fixtures.py too.

Every source of the frozen replacement model is multiplied by a scale that equals 1. As the frozen model is linear in
its sources, d(target) / d(scale of source) is the source's edge to the target. All biases share one such scale, so a
row's bias is known without subtracting the row's sum from its value; that both agree is asserted.
"""
import numpy as np
import torch

EPS, THETA, HEADS, KV_HEADS = 1e-5, 10000.0, 4, 2


def norm(x, gain):
    """RMSNorm with the denominator held fixed."""
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + EPS).detach() * gain


def rotate(x):
    """RoPE of x [H,T,h], halves paired as transformers does."""
    h = x.shape[-1]
    angle = torch.arange(x.shape[1])[:, None].double() * THETA ** (-torch.arange(0, h, 2).double() / h)
    cos, sin = torch.cat([angle.cos()] * 2, -1), torch.cat([angle.sin()] * 2, -1)
    return x * cos + torch.cat([-x[..., h // 2:], x[..., :h // 2]], -1) * sin


def real_mlp(w):
    def mlp(l, sites):
        normed = sites["mlp.hook_in"]
        gate, up, down = (w[f"layers.{l}.mlp.{k}_proj.weight"] for k in ("gate", "up", "down"))
        return (torch.nn.functional.silu(normed @ gate.T) * (normed @ up.T)) @ down.T
    return mlp


def forward(w, ids, mlp, token_scale=1.0):
    """One pass, attention patterns and norm denominators detached; mlp(l, input sites) yields layer l's MLP output."""
    x = w["embed_tokens.weight"][ids] * token_scale
    T, L = len(ids), 1 + max(int(k.split(".")[1]) for k in w if k.startswith("layers."))
    seen = {"hook_resid_mid": [], "mlp.hook_in": [], "mlp_out": []}
    for l in range(L):
        n = norm(x, w[f"layers.{l}.input_layernorm.weight"])
        q, k, v = ((n @ w[f"layers.{l}.self_attn.{c}_proj.weight"].T).view(T, heads, -1).transpose(0, 1)
                   for c, heads in (("q", HEADS), ("k", KV_HEADS), ("v", KV_HEADS)))
        k, v = (t.repeat_interleave(HEADS // KV_HEADS, 0) for t in (k, v))
        score = rotate(q) @ rotate(k).mT / q.shape[-1] ** 0.5
        pattern = score.masked_fill(torch.ones(T, T).triu(1).bool(), -torch.inf).softmax(-1).detach()
        mid = x + (pattern @ v).transpose(0, 1).reshape(T, -1) @ w[f"layers.{l}.self_attn.o_proj.weight"].T
        sites = {"hook_resid_mid": mid, "mlp.hook_in": norm(mid, w[f"layers.{l}.post_attention_layernorm.weight"])}
        m = mlp(l, sites)
        for name, value in (sites | {"mlp_out": m}).items():
            seen[name].append(value)
        x = mid + m
    return seen | {"logits": norm(x, w["norm.weight"]) @ w["lm_head.weight"].T}


def attribution_truth(w, ids, tc):
    def run(mlp=None, token_scale=1.0, bias_scale=1.0):
        return forward(w, ids, mlp or real_mlp(w), token_scale)  # outside its MLPs a Llama has no bias to scale

    return graph_truth(run, len(ids), tc)


def graph_truth(run, T, tc):
    """Dense A [N,N], its bias, values, targets, total effects, influence, pruning and scores for one prompt of T tokens.
    run(mlp, token_scale, bias_scale): the frozen pass as in forward, with the model's own MLPs unless mlp is given; it may
    name capped_logits, which probabilities then come from, while targets read the uncapped ones."""
    L = len(tc.b_dec)
    clean = run()
    m = torch.stack(clean["mlp_out"])
    site = clean[tc.hook]
    acts = torch.stack([tc.activate(l, tc.pre(l, site[l])) for l in range(L)])
    acts[:, 0] = 0  # the first position is <bos>: masked
    feats = acts.nonzero()
    error = m - tc.decode(acts, site)
    error[:, 0] = 0
    bias = tc.b_dec[:, None].repeat(1, T, 1)
    bias[:, 0] = m[:, 0]
    unmasked = (torch.arange(T) > 0)[:, None]
    at = feats.unbind(1)
    probs = clean.get("capped_logits", clean["logits"])[-1].softmax(-1)
    top = probs.topk(10)
    K = min(10, int((top.values.cumsum(0) < 0.95).sum()) + 1)
    tokens, weights = top.indices[:K], top.values[:K]

    def replaced(live):
        """Targets' values and the scales they depend on; live: downstream features re-encode with their gates fixed."""
        scales = [torch.ones(n, dtype=torch.double, requires_grad=True) for n in (len(feats), L * T, T, 1)]
        scale = torch.ones_like(acts).index_put(at, scales[0])
        z, a = [], []

        def mlp(l, sites):
            u = sites[tc.hook]
            z.append(tc.pre(l, u))
            a.append(scale[l] * (z[l] * (acts[l] != 0) if live else acts[l]))
            return tc.written(l, a) + unmasked * tc.skipped(l, u) + scales[1].view(L, T)[l][:, None] * error[l] + scales[3] * bias[l]

        logits = run(mlp, scales[2][:, None], scales[3])["logits"]
        assert torch.allclose(logits, clean["logits"], atol=1e-10), "the replacement model must equal the model"
        demeaned = logits[-1] - logits[-1].mean()
        return torch.cat([torch.stack(z)[at], demeaned[tokens]]), scales

    def rows(targets, scales):
        grads = [torch.autograd.grad(t, scales, retain_graph=True, materialize_grads=True) for t in targets]
        return torch.stack([torch.cat(g) for g in grads])

    own_bias = torch.stack([tc.own_bias(l, site[l]) for l in range(L)])
    value, scales = replaced(live=False)
    linear = rows(value, scales)
    n, N = len(feats), linear.shape[1] - 1 + K
    A = torch.zeros(N, N, dtype=torch.double)
    A[:n, :N - K], A[N - K:, :N - K] = linear[:n, :-1], linear[n:, :-1]
    row_bias = linear[:, -1] + torch.cat([own_bias[at], torch.zeros(K)])
    mismatch = (linear[:, :-1].sum(1) + row_bias - value).abs() / (row_bias.abs() + linear[:, :-1].abs().sum(1))
    print(f"  {n} features, {K} logits, N {N}; worst conservation mismatch {mismatch.max().item():.1e}; "
          f"bias share {(row_bias.abs() / (row_bias.abs() + linear[:, :-1].abs().sum(1))).mean().item():.2f}")
    assert mismatch.max() < 1e-12

    value, scales = replaced(live=True)
    effect = rows(value[n:], scales)[:, :-1]
    per_unit = A[:n, :N - K] / acts[at][:, None]
    again = A[N - K:, :N - K].clone()
    for t in reversed(range(n)):  # features ascend by layer, so every later one is final
        again += again[:, t:t + 1] * per_unit[t]
    assert torch.allclose(effect, again, atol=1e-9), "total effect by re-encoding must equal the sum over paths"

    nodes = torch.cat([feats, acts[at][:, None]], 1)
    graph = {"A": A, "bias": row_bias, "value": value, "features": nodes, "target_tokens": tokens,
             "target_probabilities": weights, "total_effect": effect}
    pruned = prune(A.float().double().numpy(), weights.float().double().numpy(), n, L * T, T)
    return graph | {k: torch.from_numpy(np.asarray(x, dtype=np.float64)) for k, x in pruned.items()}


def prune(A, weights, n, errors, T, node_threshold=0.8, edge_threshold=0.98):
    """Influence, pruning and scores of the dense A, by matrix inversion; A is as stored, so tests see the same ties."""
    N, K = len(A), len(weights)
    w = np.zeros(N)
    w[-K:] = weights

    def normalised(A):
        return np.abs(A) / np.maximum(np.abs(A).sum(1, keepdims=True), 1e-10)

    def influence(hat):
        return np.maximum(w @ np.linalg.inv(np.eye(N) - hat) - w, 0) * (hat.sum(0) > 0)

    def threshold(scores, tau):
        s = np.sort(scores)[::-1]
        i = np.searchsorted(s.cumsum() / s.sum(), tau)
        return s[min(i, np.count_nonzero(s) - 1)]

    hat = normalised(A)
    infl = influence(hat)
    keep = infl >= threshold(infl, node_threshold)
    keep[-K - T:] = True
    cut = A * keep[:, None] * keep
    edge_score = normalised(cut) * (influence(normalised(cut)) + w)[:, None]
    edges = edge_score >= threshold(edge_score.ravel(), edge_threshold)
    while True:
        before = keep.copy()
        keep[:n + errors] &= edges.any(0)[:n + errors]
        keep[:n] &= edges.any(1)[:n]
        edges &= keep[:, None] & keep
        if (keep == before).all():
            break
    order = np.argsort(-infl, kind="stable")
    score = np.empty(N)
    score[order] = infl[order].cumsum() / infl.sum()
    error, token = infl[n:n + errors].sum(), infl[n + errors:n + errors + T].sum()
    out = infl + w
    print(f"  kept {keep.sum()} of {N} nodes, {edges.sum()} of {np.count_nonzero(A)} edges")
    return {"influence": infl, "node_score": score, "kept_nodes": keep, "kept_edges": np.argwhere(edges),
            "replacement": [token / (token + error)],
            "completeness": [((1 - hat[:, n:n + errors].sum(1)) * out).sum() / out.sum()]}
