"""What a cluster is told is valid YAML that starts the plan: GPUs, probes, the commit, and an image that is pinned or none."""

from __future__ import annotations

import re

import pytest
from ruamel.yaml import YAML

from checker.sizing.start import KUBERNETES, start
from checker.sizing.starting.kubernetes import label
from tests.sizing.starting.test_commands import COMMIT, HOSTILE, answered

DIGEST = f"me/server@sha256:{'0' * 64}"


def parsed(answer, image=None):
    text = start(answer, KUBERNETES, image).text
    deployment, service = YAML(typ="safe").load_all(text)
    return deployment, service, text


def container(deployment):
    [found] = deployment["spec"]["template"]["spec"]["containers"]
    return found


def test_a_plan_on_two_gpus_is_one_pod_with_both():
    deployment, service, text = parsed(answered(context_window=16384, hardware={"gpu": "L4", "count": 2}))
    found = container(deployment)
    assert (deployment["kind"], deployment["spec"]["replicas"]) == ("Deployment", 1)
    assert found["resources"] == {"requests": {"nvidia.com/gpu": "2"}, "limits": {"nvidia.com/gpu": "2"}}
    assert found["command"] == ["vllm"]
    assert found["args"][:6] == ["serve", "Qwen/Qwen3-8B", "--revision", COMMIT, "--max-model-len", "16384"]
    assert found["args"][-4:] == ["--host", "0.0.0.0", "--port", "8000"]
    assert found["volumeMounts"] == [{"name": "shared-memory", "mountPath": "/dev/shm"}]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert found[probe]["httpGet"] == {"path": "/health", "port": "http"}
    assert deployment["metadata"]["annotations"]["weighbridge.example/revision"] == COMMIT
    assert service["spec"]["selector"] == deployment["spec"]["selector"]["matchLabels"]
    assert service["spec"]["ports"][0]["port"] == found["ports"][0]["containerPort"] == 8000
    assert "https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/" in text


def test_an_image_without_a_digest_is_none_that_a_cluster_pulls():
    found = container(parsed(answered())[0])
    assert found["image"] == "vllm/vllm-openai@sha256:<digest>"
    assert not re.search(r"sha256:[0-9a-f]", found["image"])
    assert container(parsed(answered(), DIGEST)[0])["image"] == DIGEST


@pytest.mark.parametrize(
    ("model", "plan", "command", "image"),
    [
        ("Qwen/Qwen3-8B", {"runtime": "tgi"}, ["text-generation-launcher"], "text-generation-inference"),
        ("BAAI/bge-m3", {}, ["text-embeddings-router"], "text-embeddings-inference"),
        ("Qwen/Qwen3-8B", {"quantization": "Q4_K_M"}, ["/app/llama-server"], "llama.cpp"),
    ],
)
def test_each_server_has_its_own_image_and_port(model, plan, command, image):
    deployment, service, _ = parsed(answered(model, **plan))
    found = container(deployment)
    assert found["command"] == command
    assert found["image"].rpartition("/")[2] == f"{image}@sha256:<digest>"
    assert str(service["spec"]["ports"][0]["port"]) == found["args"][found["args"].index("--port") + 1]


def test_tei_is_a_pod_for_each_gpu():
    deployment, _, _ = parsed(answered("BAAI/bge-m3", hardware={"gpu": "T4", "count": 3}))
    assert deployment["spec"]["replicas"] == 3
    assert container(deployment)["resources"]["limits"] == {"nvidia.com/gpu": "1"}


@pytest.mark.parametrize(("gpu", "resource"), [("MI300X", "amd.com/gpu"), ("L4", "nvidia.com/gpu")])
def test_the_gpu_is_that_of_its_vendors_plugin(gpu, resource):
    assert list(container(parsed(answered(hardware={"gpu": gpu}))[0])["resources"]["limits"]) == [resource]


def test_no_plugin_is_invented_for_other_vendors():
    with pytest.raises(Exception, match="no device plugin of Kubernetes is known for Apple"):
        start(answered(hardware={"gpu": "Apple M3 Max 64 GB"}), KUBERNETES)


@pytest.mark.parametrize("name", [HOSTILE, "me/a: b", "me/#x", "me/{a}", "me/yes", "me/ünï", "me/-"])
def test_any_name_stays_one_argument_and_the_label_is_one(name):
    deployment, _, _ = parsed(answered(name=f"./{name}"))
    found = container(deployment)
    assert deployment["metadata"]["annotations"]["weighbridge.example/model"] == f"./{name}"
    assert found["args"][1].startswith("/models/")
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", deployment["metadata"]["name"])


def test_a_label_is_never_empty_or_too_long():
    assert label("me/Qwen3.5_x") == "qwen3-5-x"
    assert label("me/---") == "model"
    assert len(label("a" * 200)) == 63


def test_local_files_come_from_a_claim():
    deployment, _, text = parsed(answered(name="./models/mine"))
    assert container(deployment)["args"][1] == "/models/mine"
    assert deployment["spec"]["template"]["spec"]["volumes"] == [
        {"name": "models", "persistentVolumeClaim": {"claimName": "model-files"}}
    ]
    assert "weighbridge.example/revision" not in text
