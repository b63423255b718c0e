"""Items linked into matters, and how well."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lyhord.matters.items import Paper, cut
from lyhord.matters.linking import Place, board, link

PAIR = Path(__file__).parent / "data/kungsbacka"

pytestmark = pytest.mark.requirement("3.1")


def paper(name: str, body: str, day: str, text: str, *, minutes: bool = True) -> Paper:
    return Paper(name, minutes, body, date.fromisoformat(day), cut(text))


def matter_of(matters: list[list[Place]], name: str, number: int) -> list[Place]:
    return next(matter for matter in matters if Place(name, number) in matter)


def test_a_matter_goes_from_committee_to_board_to_council() -> None:
    committee = paper("au", "Kommunstyrelsens arbetsutskott", "2024-03-20", "§ 31 Dnr KS 2024/8\nTaxa\n")
    executive = paper("ks", "Kommunstyrelsen", "2024-04-03", "§ 36 Dnr KS 2024:8\nTaxa för bygglov\n")
    council = paper(
        "kf",
        "Kommunfullmäktige",
        "2024-04-22",
        "§ 12\nTaxa för bygglov\n\nÄrendebeskrivning\nÄrendet har behandlats av kommunstyrelsen 2024-04-03, § 36\n",
    )
    assert link([committee, executive, council]) == [[Place("au", 31), Place("kf", 12), Place("ks", 36)]]


def test_what_only_rests_on_a_tariff_is_no_part_of_its_matter() -> None:
    council = paper("kf", "Kommunfullmäktige", "2023-12-14", "§ 196 Dnr KS-2023-00100\nTaxa\n")
    permit = paper(
        "bn",
        "Byggnadsnämnden",
        "2024-03-14",
        "§ 74 Dnr BN-2024-000148\nBygglov\n\nBeslut\nEnligt taxan, beslutad i kommunfullmäktige 2023-12-14 § 196.\n",
    )
    assert len(link([council, permit])) == 2


def test_two_boards_each_have_their_own_first_number() -> None:
    one = paper("bn", "Byggnadsnämnden", "2024-03-14", "§ 1 Dnr 2024-00001\nÄrendelista\n")
    same = paper("au", "Byggnadsnämndens arbetsutskott", "2024-03-01", "§ 9 Dnr 2024-00001\nÄrendelista\n")
    other = paper("sn", "Socialnämnden", "2024-03-14", "§ 1 Dnr 2024-00001\nÄrendelista\n")
    matters = link([one, same, other])
    assert matter_of(matters, "bn", 1) == [Place("au", 9), Place("bn", 1)]
    assert matter_of(matters, "sn", 1) == [Place("sn", 1)]


def test_the_row_of_an_agenda_is_no_paragraph_that_is_referred_to() -> None:
    agenda = paper("kallelse", "Kommunstyrelsen", "2024-04-03", "| 36. | Annat | KS 2024/99 |", minutes=False)
    council = paper(
        "kf", "Kommunfullmäktige", "2024-04-22", "§ 12\nTaxa\n\nBeslutsunderlag\nKommunstyrelsen 2024-04-03 § 36\n"
    )
    assert len(link([agenda, council])) == 2


def test_a_date_that_is_none_refers_to_nothing() -> None:
    council = paper(
        "kf", "Kommunfullmäktige", "2024-04-22", "§ 12\nTaxa\n\nBeslutsunderlag\nKommunstyrelsen 2024-13-40 § 36\n"
    )
    assert link([council]) == [[Place("kf", 12)]]


def test_the_board_of_a_committee() -> None:
    assert board("Byggnadsnämndens arbetsutskott") == board("Byggnadsnämnden") == "byggnadsnämnden"
    assert board("Kommunstyrelsens  au") == board("kommunstyrelsen")


def test_every_matter_of_a_real_pair_is_linked() -> None:
    out = StringIO()
    call_command("measure_linking", PAIR, PAIR / "gold.tsv", stdout=out)
    assert out.getvalue().splitlines() == [
        "papers 2, items 24, links in gold 12, made 12",
        "precision 1.000 (12 of 12)",
        "recall 1.000 (12 of 12)",
    ]


def test_what_is_missed_and_what_is_wrong_is_named(tmp_path: Path) -> None:
    gold = tmp_path / "gold.tsv"
    gold.write_text("matter\tpaper\titem\na\tkallelse.md\t1\na\tprotokoll.md\t72\n", encoding="utf-8")
    out = StringIO()
    call_command("measure_linking", PAIR, gold, stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[1:3] == ["precision 0.000 (0 of 12)", "recall 0.000 (0 of 1)"]
    assert "missed: kallelse.md 1 = protokoll.md 72" in lines
    assert "wrong: kallelse.md 2 = protokoll.md 72" in lines


@pytest.mark.parametrize(
    ("gold", "paper_text", "said"),
    [
        ("matter\titem\na\t1\n", "", "the columns are"),
        ("matter\tpaper\titem\na\tp.md\t1\n", "no facts", "facts between"),
        ("matter\tpaper\titem\na\tp.md\t1\n", "---\norgan: KS\ntyp: protokoll\n---\n", "datum is missing"),
        ("matter\tpaper\titem\na\tp.md\t1\n", "---\norgan: KS\ntyp: protokoll\ndatum: i går\n---\n", "p.md: "),
        ("matter\tpaper\titem\na\tother.md\t1\n", "", "no such papers: other.md"),
    ],
)
def test_a_folder_that_cannot_be_measured_says_why(tmp_path: Path, gold: str, paper_text: str, said: str) -> None:
    (tmp_path / "gold.tsv").write_text(gold, encoding="utf-8")
    (tmp_path / "p.md").write_text(paper_text, encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        call_command("measure_linking", tmp_path, tmp_path / "gold.tsv")
