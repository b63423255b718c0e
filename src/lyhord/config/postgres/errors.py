"""What can go wrong when the embedded database starts, said in words a person can act on."""


class LauncherError(Exception):
    """The database cannot be started. ``str()`` is a Swedish sentence and the same in English on the next line."""

    def __init__(self, swedish: str, english: str) -> None:
        super().__init__(f"{swedish}\n{english}")
        self.swedish = swedish
        self.english = english


class FolderInUseError(LauncherError):
    """Another process already holds this data folder."""


def no_space(folder: object) -> LauncherError:
    """The disk under ``folder`` is full."""
    return LauncherError(
        f"Disken är full: databasen i {folder} får inte plats. Frigör utrymme (minst 200 MB) och försök igen.",
        f"The disk is full: the database in {folder} does not fit. Free some space (at least 200 MB) and try again.",
    )


def not_writable(folder: object, reason: object) -> LauncherError:
    """The data folder cannot be made or written to."""
    return LauncherError(
        f"Det går inte att skriva i mappen {folder} ({reason}). Välj en annan med --data MAPP.",
        f"The folder {folder} cannot be written to ({reason}). Choose another with --data DIR.",
    )
