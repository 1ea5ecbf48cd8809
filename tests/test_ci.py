"""What hosted CI and pre-commit are told: well formed, and nothing but what `make` and `.ci/run` do."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

ROOT = Path(__file__).resolve().parents[1]
STEP = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "uses": {"type": "string", "pattern": r"^[\w.-]+/[\w./-]+@v\d+$"},
        "run": {"type": "string", "minLength": 1},
        "with": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
    },
    "oneOf": [{"required": ["uses"]}, {"required": ["run"]}],
    "additionalProperties": False,
}
JOB = {
    "type": "object",
    "required": ["runs-on", "steps", "timeout-minutes"],
    "properties": {
        "runs-on": {"type": "string"},
        "timeout-minutes": {"type": "integer", "maximum": 360},
        "strategy": {
            "type": "object",
            "required": ["matrix"],
            "properties": {"fail-fast": {"type": "boolean"}, "matrix": {"type": "object"}},
            "additionalProperties": False,
        },
        "steps": {"type": "array", "minItems": 1, "items": STEP},
    },
    "additionalProperties": False,
}
WORKFLOW = {
    "type": "object",
    "required": ["on", "jobs", "permissions"],
    "properties": {
        "name": {"type": "string"},
        "on": {"type": "array", "items": {"enum": ["push", "pull_request"]}, "minItems": 1},
        "permissions": {"type": "object", "additionalProperties": {"enum": ["read", "none"]}},
        "jobs": {"type": "object", "minProperties": 1, "additionalProperties": JOB},
    },
    "additionalProperties": False,
}
KINDS = {"type": "array", "items": {"enum": ["python", "jupyter"]}}
HOOK = {
    "type": "object",
    "required": ["id", "name", "entry", "language"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "entry": {"type": "string", "pattern": "^make "},
        "language": {"const": "system"},
        "types": KINDS,
        "types_or": KINDS,
        "pass_filenames": {"const": False},
    },
    "additionalProperties": False,
}
HOOKS = {
    "type": "object",
    "required": ["repos"],
    "properties": {
        "repos": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["repo", "hooks"],
                "properties": {"repo": {"const": "local"}, "hooks": {"type": "array", "items": HOOK}},
                "additionalProperties": False,
            },
        }
    },
    "additionalProperties": False,
}


def read(name: str) -> dict:
    """Read a file as YAML; `on` is a word here, not the truth value that YAML 1.1 takes it for."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return yaml.safe_load(re.sub(r"^on:", '"on":', text, flags=re.MULTILINE))


@pytest.mark.parametrize(
    ("name", "schema"), [(".github/workflows/ci.yml", WORKFLOW), (".pre-commit-config.yaml", HOOKS)]
)
def test_the_file_has_the_form_that_its_reader_asks_for(name: str, schema: dict) -> None:
    """Every key is one that the service knows, with a value of the right kind; a misspelt one is refused."""
    told = read(name)
    Draft202012Validator(schema).validate(told)
    with pytest.raises(ValidationError):
        Draft202012Validator(schema).validate({**told, "job": {}})


def test_the_workflow_runs_what_anybody_can_run_on_every_python() -> None:
    """`.ci/run` on each Python that pyproject.toml names, `make lowest` on the lowest, `make fuzz`."""
    jobs = read(".github/workflows/ci.yml")["jobs"]
    ran = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in jobs.items()}
    assert ran == {"run": [".ci/run"], "lowest": ["make lowest"], "fuzz": ["make fuzz"]}
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = re.findall(r"Python :: (\d\.\d+)", "\n".join(project["classifiers"]))
    assert jobs["run"]["strategy"]["matrix"]["python"] == named
    assert jobs["lowest"]["steps"][1]["with"]["python-version"] == named[0]


def test_hooks_call_what_make_calls() -> None:
    """Each hook is a target of the Makefile; style and types are those of `make check`."""
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", rules, re.MULTILINE))
    (local,) = read(".pre-commit-config.yaml")["repos"]
    called = {hook["entry"].split()[-1] for hook in local["hooks"]}
    assert called <= targets
    assert {"style", "types"} <= called & set(re.search(r"^check:([^#\n]*)", rules, re.MULTILINE)[1].split())
