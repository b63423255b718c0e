"""Reading through what others may see."""

from lyhord.cases.models import Case, Message, Publication, Side


def suggested(case: Case) -> dict[str, str]:
    """The title, text and answer that are shown already, else what was said and our last answer."""
    shown = Publication.objects.filter(case=case).first()
    if shown:
        return {"title": shown.title, "text": shown.text, "answer": shown.answer}
    answer = Message.objects.filter(case=case, side=Side.OFFICE).order_by("-pk").first()
    return {"title": case.title, "text": case.text, "answer": answer.text if answer else ""}
