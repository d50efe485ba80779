"""Pull requests at GitHub, and what each refusal of it means for the person."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from conductor.adapters.forge.transport import Reply, Transport
from conductor.core.forge import Repository
from conductor.core.outward import PullRequest
from conductor.errors import OutsideError

_OK = (200, 201)
_FORBIDDEN, _LIMITED, _CONFLICT = 403, 429, 422
_MOVED = (301, 302, 307, 308)
_BROKEN = 500


class GitHub:
    """One repository. Every method raises OutsideError when the forge says no."""

    def __init__(self, transport: Transport, repository: Repository) -> None:
        self.transport, self.repository = transport, repository
        self._root = f"repos/{quote(repository.path)}"

    def look(self) -> None:
        """See that it is there, and that this login may read it."""
        self._read(self.transport.send("GET", self._root))

    def pulls(self, head: str) -> list[PullRequest]:
        """List every pull request from `owner:branch`, the newest first."""
        query = urlencode({"state": "all", "head": head, "per_page": 100})
        found = self._read(self.transport.send("GET", f"{self._root}/pulls?{query}"))
        mine = [_pull(one) for one in found if isinstance(one, dict) and _head(one) == head]
        return sorted(mine, key=lambda one: one.number, reverse=True)

    def create(self, base: str, head: str, *, title: str, body: str) -> None:
        """Open a pull request. What came of it is seen by listing them again."""
        content = {"base": base, "head": head, "title": title, "body": body}
        self._read(self.transport.send("POST", f"{self._root}/pulls", content))

    def update(self, number: int, *, title: str, body: str) -> None:
        content = {"title": title, "body": body}
        self._read(self.transport.send("PATCH", f"{self._root}/pulls/{number}", content))

    def _read(self, reply: Reply) -> Any:
        if reply.status in _OK and reply.document is not None:
            return reply.document
        raise self._refused(reply)

    def _refused(self, reply: Reply) -> OutsideError:
        status, host = reply.status, self.repository.host
        wait = reply.headers.get("retry-after", "")
        if status in (_FORBIDDEN, _LIMITED) and (wait or _used_up(reply)):
            until = f"wait {wait} seconds" if wait.isdigit() else "wait until its limit is over"
            return OutsideError(
                f"{host} takes no more requests for now",
                hint=f"{until}, then run the same command again: nothing is done twice",
            )
        if status in _MOVED:
            return OutsideError(
                f"`{self.repository}` has moved",
                hint="write its new address into conductor.toml",
            )
        if status >= _BROKEN:
            return OutsideError(
                f"{host} failed with {status}",
                hint="run the same command again: nothing is done twice",
            )
        told = _told(reply)
        explained = {
            401: (f"{host} does not accept this login", "gh auth login, or set a token that holds"),
            403: (f"this login may not do that at {self.repository}", "ask for the right to it"),
            404: (
                f"`{self.repository}` is not there, or this login cannot see it",
                "was it renamed? see `remote` in conductor.toml",
            ),
            _CONFLICT: (f"{host} does not take the pull request", "see what it says"),
        }
        message, hint = explained.get(status, (f"{host} answered {status}", "see what it says"))
        return OutsideError(f"{message}{told}", hint=hint)


def _used_up(reply: Reply) -> bool:
    return reply.headers.get("x-ratelimit-remaining", "") == "0"


def _told(reply: Reply) -> str:
    """Give the forge's own words, those on single fields included."""
    document = reply.document if isinstance(reply.document, dict) else {}
    errors = document.get("errors")
    words = [str(document.get("message") or "")]
    words += [
        str(one.get("message") or "")
        for one in (errors if isinstance(errors, list) else [])
        if isinstance(one, dict)
    ]
    said = "; ".join(" ".join(word.split()) for word in words if word)
    return f": {said[:300]}" if said else ""


def _head(one: dict[str, Any]) -> str:
    head = one.get("head")
    head = head if isinstance(head, dict) else {}
    owner = (head.get("user") or {}).get("login", "")
    return str(head.get("label") or f"{owner}:{head.get('ref', '')}")


def _pull(one: dict[str, Any]) -> PullRequest:
    state = "merged" if one.get("merged_at") else str(one.get("state", ""))
    return PullRequest(
        number=int(one["number"]),
        url=str(one.get("html_url", "")),
        state=state,
        commit=str((one.get("head") or {}).get("sha", "")),
        title=str(one.get("title") or ""),
        body=str(one.get("body") or ""),
    )
