"""The calls of Python libraries that load, fetch or ask a model: one row a call, found by its name and its import."""

from __future__ import annotations

from checker.scan.use import Kind
from checker.value import NamedTuple


class Call(NamedTuple):
    """One way in which a library takes a model's name."""

    packages: tuple[str, ...]
    """The packages that it is imported from; empty: any, since nothing else is called so."""
    keywords: tuple[str, ...]
    """Keywords that hold the name, the first one given counting."""
    position: int | None
    """Its position among the positional arguments; None where it is always named."""
    kind: Kind
    objective: str = ""
    """What the manifest calls the purpose, where the call alone tells."""
    ollama: bool = False
    """Whether the name is one of Ollama's library."""
    needed: bool = True
    """Whether a call from which no name can be read is said: it takes nothing but a name."""
    runtime: str = ""
    objects: bool = False
    """Whether it takes a loaded model as well: then what is no text is no name."""
    sure: bool = False
    """Whether the import must be seen: other libraries have calls of that name."""


_PRETRAINED = (
    *("pretrained_model_name_or_path", "model_name_or_path", "model_name", "model_id", "repo_id", "model"),
    *("pretrained_model_name", "base_model_id", "base_model_name_or_path", "model_path"),
)
_LLAMA_INDEX = ("llama_index",)
_LANGCHAIN = ("langchain", "langchain_community", "langchain_huggingface", "langchain_classic")
_OLLAMA = ("langchain_ollama", "langchain_community", "langchain", "llama_index")
_EMBEDDINGS = Call((), ("model_name", "model", "model_name_or_path"), 0, Kind.EMBEDDER, "similarity", needed=False)
_RERANKER = Call((), ("model_name", "model", "model_name_or_path"), 0, Kind.RERANKER, "reranking")
_ASKED = Call(_LANGCHAIN, ("repo_id", "model", "model_id", "endpoint_url"), None, Kind.ASKED, needed=False)
_OF_OLLAMA = Call(_OLLAMA, ("model", "model_name"), 0, Kind.SERVED, "chat", ollama=True, needed=False, sure=True)
_PIPELINE = Call(("transformers", "optimum"), ("model",), 1, Kind.PIPELINE, needed=False, objects=True, sure=True)
_TRAINER = Call(("trl",), ("model",), 0, Kind.TRAINED, needed=False, objects=True)

CALLS: dict[str, Call] = {
    "from_pretrained": Call((), _PRETRAINED, 0, Kind.LOADED),
    "from_quantized": Call((), _PRETRAINED, 0, Kind.LOADED),
    "SentenceTransformer": Call((), ("model_name_or_path", "model_name"), 0, Kind.EMBEDDER, "similarity"),
    "Transformer": Call(("sentence_transformers",), ("model_name_or_path",), 0, Kind.EMBEDDER, "similarity", sure=True),
    "SparseEncoder": Call((), ("model_name_or_path",), 0, Kind.EMBEDDER, "similarity"),
    "CrossEncoder": Call((), ("model_name", "model_name_or_path"), 0, Kind.RERANKER, "reranking"),
    "LLM": Call(("vllm",), ("model",), 0, Kind.SERVED, runtime="vllm", sure=True),
    "AsyncEngineArgs": Call(("vllm",), ("model",), 0, Kind.SERVED, needed=False, runtime="vllm", sure=True),
    "EngineArgs": Call(("vllm",), ("model",), 0, Kind.SERVED, needed=False, runtime="vllm", sure=True),
    "Engine": Call(("sglang",), ("model_path",), None, Kind.SERVED, sure=True),
    "pipeline": _PIPELINE,
    "snapshot_download": Call((), ("repo_id",), 0, Kind.DOWNLOADED),
    "hf_hub_download": Call((), ("repo_id",), 0, Kind.DOWNLOADED),
    "InferenceClient": Call(("huggingface_hub",), ("model",), 0, Kind.ASKED, needed=False),
    "AsyncInferenceClient": Call(("huggingface_hub",), ("model",), 0, Kind.ASKED, needed=False),
    "load_lora_weights": Call((), ("pretrained_model_name_or_path_or_dict",), 0, Kind.LOADED),
    # LangChain
    "HuggingFaceEmbeddings": _EMBEDDINGS,
    "HuggingFaceInstructEmbeddings": _EMBEDDINGS,
    "HuggingFaceBgeEmbeddings": _EMBEDDINGS,
    "SentenceTransformerEmbeddings": _EMBEDDINGS,
    "HuggingFaceInferenceAPIEmbeddings": _EMBEDDINGS,
    "HuggingFaceEndpointEmbeddings": _EMBEDDINGS,
    "FastEmbedEmbeddings": _EMBEDDINGS,
    "HuggingFaceCrossEncoder": _RERANKER,
    "HuggingFaceEndpoint": _ASKED,
    "HuggingFaceHub": _ASKED,
    "from_model_id": Call(_LANGCHAIN, ("model_id",), 0, Kind.LOADED),
    "VLLM": Call((*_LANGCHAIN, *_LLAMA_INDEX), ("model",), 0, Kind.SERVED, runtime="vllm", needed=False, sure=True),
    "ChatOllama": _OF_OLLAMA._replace(sure=False),
    "OllamaLLM": _OF_OLLAMA._replace(sure=False),
    "Ollama": _OF_OLLAMA,
    "OllamaEmbeddings": _OF_OLLAMA._replace(kind=Kind.EMBEDDER, objective="similarity", sure=False),
    "LlamaCpp": Call((), ("model_path",), 0, Kind.SERVED, runtime="llama.cpp", needed=False),
    # LlamaIndex
    "HuggingFaceEmbedding": _EMBEDDINGS,
    "OptimumEmbedding": _EMBEDDINGS,
    "HuggingFaceLLM": Call((), ("model_name",), None, Kind.LOADED, needed=False),
    "HuggingFaceInferenceAPI": Call(_LLAMA_INDEX, ("model_name", "model"), None, Kind.ASKED, needed=False),
    "SentenceTransformerRerank": _RERANKER._replace(keywords=("model",), needed=False),
    "FlagEmbeddingReranker": _RERANKER._replace(keywords=("model",), needed=False),
    "OllamaEmbedding": _OF_OLLAMA._replace(kind=Kind.EMBEDDER, objective="similarity", sure=False),
    "LlamaCPP": Call((), ("model_path", "model_url"), None, Kind.SERVED, runtime="llama.cpp", needed=False),
    "resolve_embed_model": Call(_LLAMA_INDEX, ("embed_model",), 0, Kind.EMBEDDER, "similarity"),
    # Embedders, rerankers and small helpers of other libraries
    "FlagModel": _EMBEDDINGS,
    "BGEM3FlagModel": _EMBEDDINGS,
    "FlagAutoModel": _EMBEDDINGS,
    "FlagReranker": _RERANKER,
    "FlagLLMReranker": _RERANKER,
    "SentenceTransformerEmbeddingFunction": _EMBEDDINGS,
    "TextEmbedding": Call(("fastembed",), ("model_name",), 0, Kind.EMBEDDER, "similarity", needed=False),
    "BERTopic": _EMBEDDINGS._replace(
        packages=("bertopic",), keywords=("embedding_model",), position=None, objects=True
    ),
    "KeyBERT": _EMBEDDINGS._replace(packages=("keybert",), keywords=("model",), objects=True),
    "Llama": Call(("llama_cpp",), ("model_path",), 0, Kind.SERVED, runtime="llama.cpp", sure=True),
    # TRL: a trainer takes a name or a loaded model
    "SFTTrainer": _TRAINER,
    "DPOTrainer": _TRAINER,
    "GRPOTrainer": _TRAINER,
    "KTOTrainer": _TRAINER,
    "ORPOTrainer": _TRAINER,
    "RewardTrainer": _TRAINER,
}
DOTTED: dict[str, Call] = {
    "ollama.chat": Call(("ollama",), ("model",), 0, Kind.SERVED, "chat", ollama=True, sure=True),
    "ollama.generate": Call(("ollama",), ("model",), 0, Kind.SERVED, "text-generation", ollama=True, sure=True),
    "ollama.embed": Call(("ollama",), ("model",), 0, Kind.EMBEDDER, "similarity", ollama=True, sure=True),
    "ollama.embeddings": Call(("ollama",), ("model",), 0, Kind.EMBEDDER, "similarity", ollama=True, sure=True),
    "ollama.pull": Call(("ollama",), ("model",), 0, Kind.DOWNLOADED, ollama=True, sure=True),
    "mlx_lm.load": Call(("mlx_lm",), ("path_or_hf_repo",), 0, Kind.LOADED, sure=True),
    "litellm.completion": Call(("litellm",), ("model",), 0, Kind.ASKED, needed=False, sure=True),
    "litellm.acompletion": Call(("litellm",), ("model",), 0, Kind.ASKED, needed=False, sure=True),
    "litellm.embedding": Call(("litellm",), ("model",), 0, Kind.EMBEDDER, "similarity", needed=False, sure=True),
    "dspy.LM": Call(("dspy",), ("model",), 0, Kind.ASKED, needed=False, sure=True),
    "timm.create_model": Call(("timm",), ("model_name",), 0, Kind.LOADED, needed=False, sure=True),
}
"""Calls with common names, which count under the name of their package alone."""
NOT_HUB = frozenset(
    ("efficientnet_pytorch", "resnet_pytorch", "pytorch_pretrained_vit", "spacy", "flair", "nemo", "gensim")
)
"""Packages whose `from_pretrained` takes names of their own."""
HUB_OF_DEFAULT_ORG = "sentence-transformers"
"""The organisation that Sentence Transformers puts before a bare name (SentenceTransformer.__init__)."""
BARE_NAMES = frozenset(
    (
        *("albert-base-v1", "albert-base-v2", "albert-large-v2", "bert-base-cased", "bert-base-uncased"),
        *("bert-base-multilingual-cased", "bert-base-multilingual-uncased", "bert-large-cased", "bert-large-uncased"),
        *("distilbert-base-cased", "distilbert-base-uncased", "distilbert-base-multilingual-cased", "distilgpt2"),
        *("distilroberta-base", "gpt2", "gpt2-large", "gpt2-medium", "gpt2-xl", "roberta-base", "roberta-large"),
        *("t5-base", "t5-small", "t5-large", "xlm-roberta-base", "xlm-roberta-large", "xlnet-base-cased"),
    )
)
"""Bare names that it leaves as they are: repositories older than organisations."""
TOKENIZERS = ("Tokenizer", "TokenizerFast", "Processor", "Config", "FeatureExtractor", "GenerationConfig")
"""How classes end that read no weights."""
OBJECTIVES = {
    "ForCausalLM": "text-generation",
    "LMHeadModel": "text-generation",
    "FastLanguageModel": "text-generation",
}
"""What the ending of a class tells of the purpose; whether it is chat, the model itself tells."""
TASKS = {
    "text-generation": "text-generation",
    "conversational": "chat",
    "feature-extraction": "similarity",
    "sentence-similarity": "similarity",
    "text2text-generation": "text-generation",
}
"""Tasks of `pipeline` in the manifest's words; the others are `other`, with the task's name."""
