"""Which names a view asks for in what was sent: so that a field or parameter that nobody wrote a test for is found."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict


class Listening(QueryDict):
    """What was sent, and what was asked of it."""

    names: set[str]

    @classmethod
    def over(cls, data: QueryDict, names: set[str]) -> "Listening":
        """The same as `data`, noting in `names`."""
        heard = cls("", mutable=True, encoding=data.encoding)
        heard.names = names
        for name in data:
            heard.setlist(name, data.getlist(name))
        heard._mutable = False
        return heard

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().getlist(key, default)

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def copy(self) -> "QueryDict":  # type: ignore[override]  # no more of it is listened to
        """Plain: what is done with a copy is no question."""
        plain = QueryDict("", mutable=True)
        for name in list(self):
            plain.setlist(name, QueryDict.getlist(self, name))
        return plain


class Asked:
    """The names of parameters (GET) and fields (POST) since `forget`."""

    def __init__(self) -> None:
        self.parameters: set[str] = set()
        self.fields: set[str] = set()

    def forget(self) -> None:
        """Begin anew."""
        self.parameters.clear()
        self.fields.clear()


@contextmanager
def listening() -> Iterator[Asked]:
    """Listen to every request inside."""
    asked = Asked()
    get: Any = WSGIRequest.GET  # seen from the class both are descriptors
    post: Any = WSGIRequest.POST

    def parameters(request: WSGIRequest) -> QueryDict:
        heard = request.__dict__.get("_listening_get")
        if heard is None:
            heard = request.__dict__["_listening_get"] = Listening.over(get.func(request), asked.parameters)
        return cast("QueryDict", heard)

    def forget_parameters(request: WSGIRequest) -> None:
        request.__dict__.pop("_listening_get", None)

    def fields(request: WSGIRequest) -> QueryDict:
        data = post.fget(request)
        heard = request.__dict__.get("_listening_post")
        if heard is None or request.__dict__.get("_listened_to") is not data:
            heard = Listening.over(data, asked.fields)
            request.__dict__["_listening_post"], request.__dict__["_listened_to"] = heard, data
        return cast("QueryDict", heard)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(WSGIRequest, "GET", property(parameters, None, forget_parameters))
        patched.setattr(WSGIRequest, "POST", property(fields, post.fset))
        yield asked
