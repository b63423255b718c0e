"""A storage that is another machine's, for tests: it can be away, and nobody asks it anything within a request."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage

from lyhord.files.presign import Bucket

BUCKET = Bucket("https://s3.example", "photos", "eu-north-1", "AKIDEXAMPLE", "a-secret-for-tests-only")
ABOUT = {"default": {"BACKEND": "tests.files.far.Far"}}


class Away(OSError):
    """Nobody answers."""


class Far(InMemoryStorage):
    """Overwrites as S3 does. While `away` it answers nothing; `damages` what it is given; `asked` counts."""

    away = False
    damages = False
    asked = 0

    def _ask(self) -> None:
        type(self).asked += 1
        if self.away:
            raise Away

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        self._ask()
        assert name is not None
        if self.damages:
            content = ContentFile(content.read()[:-1])
        if super().exists(name):
            super().delete(name)
        return super().save(name, content, max_length)

    def open(self, name: str, mode: str = "rb") -> Any:
        self._ask()
        return super().open(name, mode)

    def delete(self, name: str) -> None:
        self._ask()
        super().delete(name)

    def listdir(self, path: str) -> Any:
        self._ask()
        return super().listdir(path)

    def exists(self, name: str) -> bool:
        self._ask()
        return super().exists(name)
