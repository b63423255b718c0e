"""A folder on the server that papers are put in, by a person or by another program."""

import re
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lyhord.matters.incoming import as_taken
from lyhord.matters.papers import Taken
from lyhord.matters.source import Batch, Errand, MatterSource, Setting, SourceFailed

_NAME = re.compile(r"[\w-]{1,60}")
_READ = {".pdf", ".html", ".htm", ".txt", ".md"}


class FileDrop(MatterSource):
    """Papers in a folder below LYHORD_MATTERS_FOLDER/<organisation>; a changed file is a new version."""

    slug = "file_drop"
    order = 10
    label = _("Mapp på servern")
    help = _("Kallelser och protokoll som läggs i en mapp: pdf, html eller text.")
    settings = (Setting("folder", _("Mappens namn"), _("Bara bokstäver, siffror, _ och -, till exempel protokoll.")),)

    def fetch(self, errand: Errand) -> Batch:
        folder = self._folder(errand)
        seen, cursor = dict(errand.cursor), {}
        papers: list[Taken] = []
        waiting = False
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _READ)
        for path in files:
            if path.is_symlink() or not path.is_file():
                continue
            facts = path.stat()
            mark = f"{facts.st_mtime_ns} {facts.st_size}"
            if seen.get(path.name) == mark:
                cursor[path.name] = mark
            elif len(papers) >= errand.most:
                waiting = True
            else:
                papers.append(as_taken(key=path.name, name=path.name, data=path.read_bytes()))
                cursor[path.name] = mark
        gone = tuple(sorted(name for name in seen if name not in {path.name for path in files}))
        return Batch(papers=tuple(papers), cursor=cursor, more=waiting, gone=gone)

    def _folder(self, errand: Errand) -> Path:
        name = errand.config.get("folder", "")
        if not _NAME.fullmatch(name):
            raise SourceFailed(_("Mappens namn får bara ha bokstäver, siffror, _ och -."), "folder")
        folder = Path(settings.MATTERS_FOLDER) / errand.organisation / name
        if not folder.is_dir() or folder.is_symlink():
            raise SourceFailed(_("Mappen finns inte på servern."), "folder")
        return folder
