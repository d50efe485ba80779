"""One git process: which environment it gets, how long it may take, what its failure says.

GitPython is used for nothing but this: a literal list of arguments in a folder of ours. Its objects
(`Repo(path)`, `index`, `remote`) read the configuration of the repository they are given and turn
keyword arguments into options, which is where its advisories come from.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conductor.errors import OutsideError

if TYPE_CHECKING:
    from git import Git

_LOCAL_SECONDS = 60
_NETWORK_SECONDS = 300

# What a person may have set to reach their own remotes; every other inherited `GIT_*` goes, because
# git exports GIT_DIR, GIT_INDEX_FILE and more to the hooks that it runs, and they would win here.
_TRANSPORT = {
    "GIT_ASKPASS",
    "GIT_HTTP_PROXY_AUTHMETHOD",
    "GIT_PROXY_SSL_CAINFO",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_SSL_CAINFO",
}
# Settings that win over every file, also over one that somebody slipped into the mirror.
_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.alternateRefsCommand": "",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.ext.allow": "never",
    "push.recurseSubmodules": "no",
}
_USERINFO = re.compile(r"(?<=://)[^/@\s]+@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What git said; `errors` is its standard error without credentials in addresses."""

    status: int
    output: bytes
    errors: str

    @property
    def text(self) -> str:
        return self.output.decode("utf-8", "replace").strip()

    @property
    def reason(self) -> str:
        """The line of the errors that says most, for a message."""
        lines = [line.strip() for line in self.errors.splitlines() if line.strip()]
        told = [line for line in lines if line.startswith(("fatal:", "error:", "remote:", "!"))]
        line = (told or lines or [f"exit code {self.status}"])[0]
        return re.sub(r"^(fatal|error): ", "", line)


def run(
    git_dir: str,
    arguments: Sequence[str],
    *,
    stdin: bytes = b"",
    variables: Mapping[str, str] | None = None,
    network: bool = False,
    protocols: str = "",
) -> Answer:
    """Run git in the bare repository `git_dir`; a failure is in the answer.

    With `network`, the person's own global configuration is read: credential helpers, proxies.
    `protocols` lists what may be spoken, as `GIT_ALLOW_PROTOCOL` does; empty: nothing.
    """
    environment = _environment(git_dir, protocols=protocols, network=network)
    environment.update(variables or {})
    kept = _TRANSPORT if network else set()
    inherited = [name for name in os.environ if name.startswith("GIT_") and name not in kept]
    unset = [word for name in inherited if name not in environment for word in ("-u", name)]
    # GitPython can override an inherited variable and cannot remove one: `env` does that.
    command = (["env", *unset] if unset else []) + ["git", *arguments]
    with tempfile.TemporaryFile() as stream:
        stream.write(stdin)
        stream.seek(0)
        status, output, errors = _git(git_dir).execute(
            command,
            istream=stream,
            env=environment,
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
            kill_after_timeout=_NETWORK_SECONDS if network else _LOCAL_SECONDS,
        )
    return Answer(status=status, output=output, errors=_USERINFO.sub("", errors))


def _git(folder: str) -> Git:
    try:
        from git import Git  # it costs a quarter of a second
    except ImportError as error:  # that is how GitPython says that there is no git
        raise OutsideError("git cannot be started", hint="install git, then try again") from error
    return Git(folder)


def _environment(git_dir: str, *, protocols: str, network: bool) -> dict[str, str]:
    environment = {
        "GIT_DIR": git_dir,
        "GIT_ALLOW_PROTOCOL": protocols,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_COUNT": str(len(_SETTINGS)),
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }
    for number, (key, value) in enumerate(_SETTINGS.items()):
        environment[f"GIT_CONFIG_KEY_{number}"] = key
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    if not network:
        environment |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    return environment
