"""`python -m tests.intake.mail.make`: writes `corpus/made` and its rows in `corpus/expected.tsv` anew."""

from tests.intake.mail.make.everything import CORPUS, everything, expected, row_of, write_expected


def main() -> None:
    """Rows of mails that were not made here stay as they are."""
    folder = CORPUS / "made"
    folder.mkdir(exist_ok=True)
    rows = [row for row in expected() if not row.path.startswith("made/")]
    found = list(everything())
    for old in folder.glob("*.eml"):
        old.unlink()
    for one in found:
        (folder / f"{one.name}.eml").write_bytes(one.raw)
    write_expected([*rows, *(row_of(one) for one in found)])


main()
