"""A Deployment and a Service for a runtime's container: GPUs, probes, the commit, and an image to pin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import TypeAlias

from checker.document.errors import visible
from checker.document.quote import in_quotes
from checker.memory.plan import Runtime
from checker.sizing.starting import llama_cpp, tei, tgi, vllm
from checker.sizing.starting.launch import Case, Launch
from checker.value import NamedTuple

GPUS = "https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/"
PROBES = "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/"
SHARED = "https://docs.vllm.ai/en/v0.8.2/deployment/k8s.html"

Yaml: TypeAlias = "str | int | bool | Mapping[str, Yaml] | Sequence[Yaml]"


class _Server(NamedTuple):
    """A runtime that answers over HTTP, and where its project publishes images."""

    runtime: ModuleType
    image: str
    program: tuple[str, ...]
    """What the image calls it, where that is not on its path."""
    listens: tuple[str, ...]
    """Words that make it answer the cluster rather than its own machine alone; the port follows."""


_SERVERS = {
    Runtime.VLLM: _Server(vllm, "vllm/vllm-openai", (), ("--host", "0.0.0.0", "--port")),  # inside a pod
    Runtime.TGI: _Server(tgi, "ghcr.io/huggingface/text-generation-inference", (), ("--hostname", "0.0.0.0", "--port")),
    Runtime.TEI: _Server(tei, "ghcr.io/huggingface/text-embeddings-inference", (), ("--hostname", "0.0.0.0", "--port")),
    Runtime.LLAMA_CPP: _Server(
        llama_cpp, "ghcr.io/ggml-org/llama.cpp", ("/app/llama-server",), ("--host", "0.0.0.0", "--port")
    ),
}
SERVERS = tuple(_SERVERS)
"""Runtimes that are servers; transformers is a library."""

_RESOURCES = {"NVIDIA": "nvidia.com/gpu", "AMD": "amd.com/gpu", "Intel": "gpu.intel.com/xe"}
"""What the vendors' device plugins call a GPU."""
_STARTS = 120
"""Times that the startup probe is asked, every ten seconds: files are downloaded and loaded in twenty minutes."""
DIGEST = "@sha256:<digest>"
"""Stands for the image's digest: no image has that name, so that a cluster refuses it until somebody pins one."""


def resource_of(vendor: str) -> str | None:
    """The resource that a vendor's GPU is; None for one that no device plugin is known for."""
    return _RESOURCES.get(vendor)


def resources(case: Case, launch: Launch, resource: str, image: str | None = None) -> str:
    """Both resources as YAML, with what else to know as comments above."""
    server = _SERVERS[case.plan.runtime]
    name = label(case.artefact.name)
    comments = (
        *launch.notes,
        *(f"before: {line}" for line in launch.lines[:-1]),
        *_said(case, resource, pinned=image is not None),
    )
    documents = (_deployment(case, launch, resource, image or f"{server.image}{DIGEST}", name), _service(server, name))
    head = "".join(f"# {visible(comment)}\n" for comment in comments)
    return head + "---\n".join("".join(f"{line}\n" for line in _block(each)) for each in documents)


def label(name: str) -> str:
    """A name as RFC 1123 has labels: at most 63 of a-z, 0-9 and dashes, a letter or number at both ends."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.rpartition("/")[2].casefold()).strip("-")
    return plain[:63].strip("-") or "model"


def _said(case: Case, resource: str, *, pinned: bool) -> Iterator[str]:
    if not pinned:
        yield "image: put the digest of a release that you have looked at; `--image NAME@sha256:…` writes it here"
    yield "the token for gated models is the secret hf-token, key token, where there is one"
    yield "memory and processors of the node are not estimated: limit them by what you measure"
    yield f"{resource}: {GPUS}"
    yield f"probes: {PROBES}"
    if case.shared:
        yield "a cluster gives a GPU to one pod: these models share it where its device plugin time-slices or runs MPS"
    if case.devices > 1 and case.plan.runtime is not Runtime.TEI:
        yield f"/dev/shm in memory, for several GPUs: {SHARED}"
    if case.plan.runtime is Runtime.LLAMA_CPP or case.artefact.local:
        yield "the files come from the claim model-files, mounted at /models: put them there first"


def _deployment(case: Case, launch: Launch, resource: str, image: str, name: str) -> Yaml:
    alone = case.plan.runtime is Runtime.TEI  # each GPU serves a copy
    labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/component": "model-server"}
    notes = {"weighbridge.example/model": case.artefact.name}
    if case.artefact.revision is not None and not case.artefact.local:
        notes["weighbridge.example/revision"] = case.artefact.revision
    volumes, mounts = _volumes(case)
    pod: dict[str, Yaml] = {
        "automountServiceAccountToken": False,
        "containers": [_container(case, launch, resource, image, mounts, 1 if alone else case.devices)],
    }
    if volumes:
        pod["volumes"] = volumes
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": labels, "annotations": notes},
        "spec": {
            "replicas": case.devices if alone else 1,
            # A new pod beside the old one would need the GPUs twice.
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": {"app.kubernetes.io/name": name}},
            "template": {"metadata": {"labels": labels, "annotations": notes}, "spec": pod},
        },
    }


def _container(case: Case, launch: Launch, resource: str, image: str, mounts: list[Yaml], gpus: int) -> dict[str, Yaml]:
    server = _SERVERS[case.plan.runtime]
    port: int = server.runtime.PORT
    words = [*_mounted(case, launch.words), *server.listens, str(port)]
    asked: dict[str, Yaml] = {"httpGet": {"path": server.runtime.HEALTH, "port": "http"}}
    made: dict[str, Yaml] = {
        "name": "server",
        "image": image,
        "command": list(server.program) or words[:1],
        "args": words[1:],
        "env": [
            {
                "name": "HF_TOKEN",
                "valueFrom": {"secretKeyRef": {"name": "hf-token", "key": "token", "optional": True}},
            }
        ],
        "ports": [{"name": "http", "containerPort": port}],
        "resources": {"requests": {resource: str(gpus)}, "limits": {resource: str(gpus)}},
        "startupProbe": {**asked, "periodSeconds": 10, "failureThreshold": _STARTS},
        "readinessProbe": {**asked, "periodSeconds": 10},
        "livenessProbe": {**asked, "periodSeconds": 20, "failureThreshold": 3},
        "securityContext": {"allowPrivilegeEscalation": False},
    }
    if mounts:
        made["volumeMounts"] = mounts
    return made


def _mounted(case: Case, words: tuple[str, ...]) -> list[str]:
    """The command with files of the node's folder named as the container sees them."""
    if case.artefact.local:
        inside = f"/models/{label(case.artefact.name)}"
        return [
            inside + word.removeprefix(case.artefact.name) if word.startswith(case.artefact.name) else word
            for word in words
        ]
    if case.plan.runtime is Runtime.LLAMA_CPP:
        return [f"/models/{llama_cpp.FILE}" if word.endswith(llama_cpp.FILE) else word for word in words]
    return list(words)


def _volumes(case: Case) -> tuple[list[Yaml], list[Yaml]]:
    volumes: list[Yaml] = []
    mounts: list[Yaml] = []
    if case.devices > 1 and case.plan.runtime is not Runtime.TEI:
        volumes.append({"name": "shared-memory", "emptyDir": {"medium": "Memory"}})
        mounts.append({"name": "shared-memory", "mountPath": "/dev/shm"})  # where NCCL looks for it
    if case.artefact.local or case.plan.runtime is Runtime.LLAMA_CPP:
        volumes.append({"name": "models", "persistentVolumeClaim": {"claimName": "model-files"}})
        mounts.append({"name": "models", "mountPath": "/models", "readOnly": True})
    return volumes, mounts


def _service(server: _Server, name: str) -> Yaml:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name},
        "spec": {
            "selector": {"app.kubernetes.io/name": name},
            "ports": [{"name": "http", "port": server.runtime.PORT, "targetPort": "http"}],
        },
    }


def _block(node: Yaml, indent: str = "") -> Iterator[str]:
    """A mapping or a list in YAML's block style; every text in double quotes, so that none reads as something else."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            if isinstance(value, (str, int)):
                yield f"{indent}{key}: {_scalar(value)}"
            else:
                yield f"{indent}{key}:"
                yield from _block(value, f"{indent}  ")
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for item in node:
            if isinstance(item, (str, int)):
                yield f"{indent}- {_scalar(item)}"
                continue
            first, *others = _block(item, f"{indent}  ")
            yield f"{indent}- {first.strip()}"
            yield from others


def _scalar(value: str | int) -> str:
    return in_quotes(value) if isinstance(value, str) else str(value).lower()
