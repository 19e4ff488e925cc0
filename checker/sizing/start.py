"""How the plan is started: command lines of the runtimes, and the arguments of trainers, where they are plain."""

from __future__ import annotations

from shlex import quote

from checker.memory.plan import Attention, Method, Optimizer, Precision, Runtime, ServingPlan, TrainingPlan
from checker.memory.weights import GGUF
from checker.sizing.answer import Answer

_VLLM_QUANTIZATION = {
    "awq-int4": "awq_marlin",
    "gptq-int4": "gptq_marlin",
    "gptq-int8": "gptq_marlin",
    "nf4": "bitsandbytes",
    "nf4-dq": "bitsandbytes",
}


def commands(answer: Answer) -> tuple[str, ...]:
    """Lines that start what was planned; nothing where the model has no name that a program could load."""
    plan = answer.plan
    if isinstance(plan, TrainingPlan):
        return _trainer(plan)
    make = {
        Runtime.VLLM: _vllm,
        Runtime.LLAMA_CPP: _llama_cpp,
        Runtime.TGI: _tgi,
        Runtime.TEI: _tei,
        Runtime.TRANSFORMERS: _transformers,
    }[plan.runtime]
    return make(answer, plan)


def _vllm(answer: Answer, plan: ServingPlan) -> tuple[str, ...]:
    parts = ["vllm serve", quote(answer.subject.name), f"--max-model-len {plan.context_window}"]
    parts.append(f"--max-num-seqs {plan.parallel_requests}")
    if plan.quantization in ("fp8", *_VLLM_QUANTIZATION):
        parts.append(f"--quantization {_VLLM_QUANTIZATION.get(plan.quantization, plan.quantization)}")
    if plan.kv_cache in ("fp8", "int8"):
        parts.append(f"--kv-cache-dtype {plan.kv_cache}")
    if answer.devices > 1:
        parts.append(f"--tensor-parallel-size {answer.devices}")
    if answer.hardware is not None:
        share = 1 - answer.headroom
        parts.append(f"--gpu-memory-utilization {share:.2f}")
    return (" ".join(parts),)


def _llama_cpp(answer: Answer, plan: ServingPlan) -> tuple[str, ...]:
    """`-c` is the context of all slots together, which `-np` divides among them."""
    name = answer.subject.name
    source = f"-hf {quote(f'{name}:{plan.quantization}')}" if "gguf" in name.casefold() else "-m FILE.gguf"
    parts = ["llama-server", source, f"-c {plan.context_window * plan.parallel_requests}"]
    parts.append(f"-np {plan.parallel_requests} -ngl 99")
    if plan.kv_cache not in ("fp16", "bf16"):
        parts.append(f"-fa on -ctk {plan.kv_cache} -ctv {plan.kv_cache}")
    made = " ".join(parts)
    if "FILE" in made and plan.quantization in GGUF:
        return (f"llama-quantize FILE-F16.gguf FILE.gguf {plan.quantization}", made)
    return (made,)


def _tgi(answer: Answer, plan: ServingPlan) -> tuple[str, ...]:
    prompt = plan.prompt_tokens or plan.context_window - 1
    parts = ["text-generation-launcher --model-id", quote(answer.subject.name)]
    parts.append(f"--max-input-tokens {prompt} --max-total-tokens {plan.context_window}")
    parts.append(f"--max-concurrent-requests {plan.parallel_requests}")
    if answer.devices > 1:
        parts.append(f"--num-shard {answer.devices}")
    return (" ".join(parts),)


def _tei(answer: Answer, plan: ServingPlan) -> tuple[str, ...]:
    tokens = max(16384, plan.context_window)
    return (f"text-embeddings-router --model-id {quote(answer.subject.name)} --max-batch-tokens {tokens}",)


_TRANSFORMERS = {
    "nf4": 'BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4")',
    "nf4-dq": ('BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True)'),
    "int8": "BitsAndBytesConfig(load_in_8bit=True)",
}


def _transformers(answer: Answer, plan: ServingPlan) -> tuple[str, ...]:
    stored = _TRANSFORMERS.get(plan.quantization)
    extra = f", quantization_config={stored}" if stored else ""
    return (f'AutoModelForCausalLM.from_pretrained("{_in_quotes(answer.subject.name)}", dtype="auto"{extra})',)


def _in_quotes(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


_OPTIM = {
    Optimizer.ADAMW: "adamw_torch",
    Optimizer.ADAMW_8BIT: "adamw_bnb_8bit",
    Optimizer.PAGED_ADAMW: "paged_adamw_32bit",
    Optimizer.PAGED_ADAMW_8BIT: "paged_adamw_8bit",
    Optimizer.ADAFACTOR: "adafactor",
    Optimizer.SGD: "sgd",
    Optimizer.LION: "lion_32bit",
    Optimizer.LION_8BIT: "lion_8bit",
}


def _trainer(plan: TrainingPlan) -> tuple[str, ...]:
    """The arguments of transformers' Trainer, which TRL's takes too."""
    arguments = [
        f"per_device_train_batch_size={plan.micro_batch_size}",
        f"gradient_checkpointing={plan.gradient_checkpointing}",
        f"bf16={plan.precision is not Precision.FP32 and plan.autocast}",
    ]
    if plan.optimizer in _OPTIM:
        arguments.append(f'optim="{_OPTIM[plan.optimizer]}"')
    lines = [f"TrainingArguments({', '.join(arguments)})"]
    if plan.method is Method.QLORA:
        double = f", bnb_4bit_use_double_quant={plan.double_quantization}"
        lines.append(f'BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4"{double})')
    if plan.attention is not Attention.SDPA:
        kernel = "flash_attention_2" if plan.attention is Attention.FLASH else "eager"
        lines.append(f'from_pretrained(…, attn_implementation="{kernel}")')
    return tuple(lines)
