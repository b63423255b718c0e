"""Nothing that was acknowledged is lost, whatever is killed, whenever: a whole Lyhörd under load, and kill -9."""

import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import partial
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from bs4 import BeautifulSoup, Tag
from PIL import Image

from tests.browser.house import PASSWORD, WholeHouse, eventually, word
from tests.browser.killing import JOB_WORKER, PATIENCE, SORTS, WEB_SERVER, WEB_WORKER, Killer, family
from tests.browser.walks import KIM
from tests.files import make
from tests.notifications.post_office import PostOffice, text_of

SECONDS = float(os.environ.get("KILL_SECONDS", "0"))  # more than one of each
RESIDENTS = 4


@dataclass
class Told:
    """What one resident was told had arrived."""

    text: str
    email: str
    photo: bool
    number: str = ""
    code: str = ""
    more: str = ""
    tries: int = 0


@dataclass
class Notes:
    """What people were told, and what happened to them before they were told it."""

    told: list[Told] = field(default_factory=list)
    tried_answers: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    hopeless: threading.Event = field(default_factory=threading.Event)


class Client:
    """Somebody with a browser that tries again until there is an answer, as people do."""

    def __init__(self, house: WholeHouse, notes: Notes) -> None:
        self.notes = notes
        self.web = httpx.Client(
            base_url=f"http://127.0.0.1:{house.port}",
            headers={"Host": f"motala.localhost:{house.port}"},
            timeout=20,
            trust_env=False,
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_problem: object) -> None:
        self.web.close()

    def until(self, *wanted: int, may: int = 0, ask: Callable[[], httpx.Response]) -> tuple[httpx.Response, int]:
        """The answer once it is one of those wanted, and how many times it was asked for.

        Until then nobody may answer, or with a 5xx, which promises nothing, or with what `may` come.
        """
        until, tries = time.monotonic() + PATIENCE, 0
        while time.monotonic() < until and not self.notes.hopeless.is_set():
            tries += 1
            try:
                answer = ask()
                if answer.status_code in wanted:
                    return answer, tries
                self.notes.failed[str(answer.status_code)] += 1
                if not (answer.is_server_error or answer.status_code == may):
                    self.notes.wrong.append(f"{answer.status_code} {answer.url.path}: {said(answer.text)}")
            except httpx.HTTPError as problem:
                self.notes.failed[type(problem).__name__] += 1
            time.sleep(random.uniform(0.1, 0.5))
        raise AssertionError(f"no answer in {PATIENCE} seconds")


def said(page: str) -> str:
    """What a page that says no says: its heading and what is wrong."""
    found = BeautifulSoup(page, "html.parser").select("h1, .err")
    return " / ".join(" ".join(one.get_text().split()) for one in found) or page[:200]


def tell(client: Client, notes: Notes) -> None:
    """One report, sent with one id until its receipt is there; every other one says more afterwards."""
    mark = word()
    told = Told(f"Lampan är släckt {mark}", f"{mark}@example.se", photo=random.random() < 0.4)
    form = {"submission_id": str(uuid4()), "text": told.text, "contact": "email", "email": told.email}
    form |= {"wants_feedback": "on", "confirmed": "1", "case_type": "annat"}
    files = {"photos": ("a.jpg", make.photo(), "image/jpeg")} if told.photo else None
    # When the process that reads the picture is killed, the picture is refused, in words; people send it again.
    may = HTTPStatus.UNPROCESSABLE_ENTITY if told.photo else 0
    sent, told.tries = client.until(
        303, may=may, ask=lambda: client.web.post("/beratta/felanmalan/", data=form, files=files)
    )
    told.code = sent.headers["Location"].split("/")[-2]
    page, _tries = client.until(200, ask=lambda: client.web.get(f"/tack/{told.code}/"))
    number = BeautifulSoup(page.text, "html.parser").select_one(".receipt .nr")
    told.number = number.get_text().strip() if number else ""
    if random.random() < 0.5:
        more = {"submission_id": str(uuid4()), "text": f"Och en sak till {mark}"}
        client.until(303, ask=lambda: client.web.post(f"/f/{told.code}/", data=more))
        told.more = more["text"]
    notes.told.append(told)


def answer(client: Client, notes: Notes, house: WholeHouse) -> None:
    """An officer answers a case that somebody has told about; the form is sent until it has arrived."""
    told = random.choice(notes.told)
    [(case_id,)] = eventually(lambda: house.rows("select id from cases_case where text = %s", told.text))
    page, _tries = client.until(200, ask=lambda: client.web.get(f"/desk/{case_id}/"))
    form = BeautifulSoup(page.text, "html.parser").select_one("form.compose")
    assert isinstance(form, Tag), said(page.text)
    fields = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[type=hidden][name]")}
    words = f"Svar {word()}"
    notes.tried_answers.append(words)
    fields |= {"to": "public", "text": words, "after": "stay"}
    # 409: the resident has written more since the page was shown.
    sent, _tries = client.until(302, 409, ask=lambda: client.web.post(str(form["action"]), data=fields))
    if sent.status_code == HTTPStatus.FOUND:
        assert sent.headers["Location"].startswith("/desk/"), sent.headers["Location"]
        notes.answers.append(words)


def log_in(client: Client) -> None:
    """As Kim, who sees what all units have."""
    page, _tries = client.until(200, ask=lambda: client.web.get("/konto/login/"))
    token = BeautifulSoup(page.text, "html.parser").select_one("main [name=csrfmiddlewaretoken]")
    assert token is not None
    form = {"csrfmiddlewaretoken": str(token["value"]), "login": KIM, "password": PASSWORD}
    client.until(302, ask=lambda: client.web.post("/konto/login/", data=form))


@contextmanager
def people(house: WholeHouse, notes: Notes) -> Iterator[None]:
    """Residents and an officer at work until the end of the block; each finishes what they have begun."""
    end = threading.Event()

    def resident() -> None:
        with Client(house, notes) as client:
            while not end.is_set():
                tell(client, notes)
                end.wait(random.uniform(0.1, 0.5))

    def officer() -> None:
        with Client(house, notes) as client:
            log_in(client)
            while not end.is_set():
                if notes.told:
                    answer(client, notes, house)
                end.wait(random.uniform(0.1, 0.5))

    def watched(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as problem:  # it must be told in the test, not lost in a thread
            notes.wrong.append(repr(problem))

    threads = [threading.Thread(target=watched, args=(work,)) for work in [resident] * RESIDENTS + [officer]]
    for thread in threads:
        thread.start()
    try:
        yield
    except BaseException:
        notes.hopeless.set()
        raise
    finally:
        end.set()
        for thread in threads:
            thread.join()


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """Where the house sends its mail."""
    found = PostOffice()
    found.open()
    yield found
    found.close()


@pytest.fixture
def posting_house(post_office: PostOffice, tmp_path: Path) -> Iterator[WholeHouse]:
    """`./lyhord run` in an empty folder, with a mail server."""
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    env = {"LYHORD_EMAIL_BACKEND": smtp, "LYHORD_EMAIL_HOST": "127.0.0.1", "LYHORD_EMAIL_PORT": str(post_office.port)}
    found = WholeHouse(tmp_path / "data", **env)
    try:
        found.open()
        yield found
    finally:
        found.close()


@pytest.mark.skipif(sys.platform != "linux", reason="it looks for processes in /proc")
@pytest.mark.requirement("N5", "X1")
def test_nothing_acknowledged_is_ever_lost(posting_house: WholeHouse, post_office: PostOffice) -> None:
    """Everything that anybody was told had arrived is there, once, with its place in the log and its mail."""
    house, notes = posting_house, Notes()
    seed = int(os.environ.get("KILL_SEED") or random.randrange(10**9))
    sys.stdout.write(f"KILL_SEED={seed}\n")
    killer = Killer(house, seed, lambda: len(notes.told))
    house.do("delete from jobs_job where task like '%.tell_more'")  # the demo goes on filling itself: here it need not
    began = time.monotonic()
    with people(house, notes):
        killer.kill_each()
        killer.kill_some(SECONDS)
        killer.kill_all()
        house.open()
        killer.see_life(2 * RESIDENTS)
        eventually(lambda: notes.answers, "an answer", PATIENCE)
    assert set(killer.killed) > set(SORTS)
    worked = time.monotonic()
    come_to_rest(house)
    rested = time.monotonic()

    letters = [letter for letter in post_office.letters if letter["To"] in {told.email for told in notes.told}]
    twice = len(letters) - len({letter["Message-ID"] for letter in letters})
    problems = [*notes.wrong, *reports(house, notes), *answers(house, notes), *mails(house, letters), *jobs(house)]
    sys.stdout.write(
        f"killed {dict(killer.killed)}\n{len(notes.told)} reports, {sum(told.photo for told in notes.told)} with a "
        f"photo, {sum(told.tries > 1 for told in notes.told)} sent again by their sender; "
        f"{sum(bool(told.more) for told in notes.told)} messages; {len(notes.answers)} answers; tries that failed "
        f"{dict(notes.failed)}; {len(letters)} mails, {twice} of them once more\n"
        f"{worked - began:.0f} s at work, {rested - worked:.0f} s until all was done\n"
    )
    assert notes.told
    assert notes.answers
    assert not problems, "\n".join(f"{count} × {one}" for one, count in Counter(problems).most_common(20))


def come_to_rest(house: WholeHouse) -> None:
    """Everybody is back by themselves, and all that was to be done is done.

    What waits for its time need not wait here: what failed is tried again at once, and what somebody had begun who is
    dead is free at once, as after the thirty seconds of their lease.
    """
    eventually(house.answers, "the web server's answer", PATIENCE)
    for sort in (WEB_SERVER, WEB_WORKER, JOB_WORKER):
        eventually(partial(there_is, house, sort), f"a {sort}", PATIENCE)
    failed = "update jobs_job set run_after = statement_timestamp() where state = 'ready' and attempts > 0"
    left = (
        "update jobs_job set lease_until = statement_timestamp() "
        "where state = 'running' and split_part(worker, ':', 2) <> all(%s)"
    )
    waiting = "select count(*) from jobs_job where state = 'running' or state = 'ready' and run_after <= now()"

    def rests() -> bool:
        house.do(failed)
        house.do(left, [str(pid) for pid in family(house.pid).get(JOB_WORKER, [])])
        return house.rows(waiting) == [(0,)]

    eventually(rests, "the end of the queue", PATIENCE)


def there_is(house: WholeHouse, sort: str) -> bool:
    """Whether one of the sort is alive."""
    return sort in family(house.pid)


def reports(house: WholeHouse, notes: Notes) -> Iterator[str]:
    """What is not as residents were told, in sentences."""
    cases: dict[str, list[tuple[int, str]]] = {}
    for text, case_id, number in house.rows("select text, id, number from cases_case where text like 'Lampan är %'"):
        cases.setdefault(text, []).append((case_id, number))
    logged = Counter(i for (i,) in house.rows("select subject_id from audit_event where verb = 'case.registered'"))
    written = Counter(text for (text,) in house.rows("select text from cases_message"))
    photos = Counter(i for (i,) in house.rows("select case_id from cases_photo"))
    yield from unreadable_photos(house)
    if len(cases) != len(notes.told) or len({told.number for told in notes.told}) != len(notes.told):
        yield f"{len(notes.told)} reports, {len(cases)} of them there"
    for told in notes.told:
        found = cases.get(told.text, [])
        if [number for _id, number in found] != [told.number]:
            yield f"{told.number}: {len(found)} cases {found}"
            continue
        case_id = found[0][0]
        if logged[case_id] != 1:
            yield f"{told.number}: {logged[case_id]} rows in the log"
        if told.more and written[told.more] != 1:
            yield f"{told.number}: the message is there {written[told.more]} times"
        if photos[case_id] != told.photo:
            yield f"{told.number}: {photos[case_id]} pictures"


def unreadable_photos(house: WholeHouse) -> Iterator[str]:
    """The pictures of cases that cannot be opened."""
    for (key,) in house.rows("select key from files_storedfile where used"):
        for size in ("large", "small"):
            try:
                with Image.open(house.folder / "files" / key / f"{size}.jpg") as picture:
                    picture.load()
            except OSError as problem:
                yield f"a picture that cannot be read: {problem}"


def answers(house: WholeHouse, notes: Notes) -> Iterator[str]:
    """Each answer that arrived is there once, and none that was only tried is there twice."""
    written = Counter(text for (text,) in house.rows("select text from cases_message where text like 'Svar %'"))
    for words in notes.tried_answers:
        if written[words] > 1 or (words in notes.answers and not written[words]):
            yield f"an answer is there {written[words]} times"


def mails(house: WholeHouse, letters: list[EmailMessage]) -> Iterator[str]:
    """Each mail owed is one row, and has left. A second letter is the same one again, with the same Message-ID.

    That happens when the sender, or its database, is killed after the mail server said yes and before that is noted:
    then it counts one more attempt.
    """
    owed = Counter(
        house.rows("select id, 'case_received' from cases_case where text like 'Lampan är %'")
        + house.rows("select case_id, 'case_answered' from cases_message where text like 'Svar %'")
    )
    notices = house.rows(
        "select n.id, subject_id, n.kind, address, n.state, attempts from notifications_notice n "
        "join cases_case c on c.id = subject_id where n.subject_type = 'case' and c.text like 'Lampan är %'"
    )
    had = Counter((case_id, kind) for _id, case_id, kind, _address, _state, _attempts in notices)
    yield from (f"{had[which]} instead of {count} of {which}" for which, count in owed.items() if had[which] != count)
    yield from (f"nobody owed {which}" for which in had if which not in owed)
    sent: dict[str, list[tuple[str, str]]] = {}
    for letter in letters:
        sent.setdefault(letter["Message-ID"].split("@")[0].split(".")[0], []).append((letter["To"], text_of(letter)))
    for notice_id, _case_id, kind, address, state, attempts in notices:
        came = sent.pop(f"<notice-{notice_id}", [])
        if state != "sent" or not 1 <= len(came) <= attempts:
            yield f"{kind} is {state} after {attempts} attempts and came {len(came)} times"
        if len(set(came)) > 1 or any(to != address for to, _text in came):
            yield f"{kind} came as different letters"
    yield from (f"a letter that is no mail of ours: {left}" for left in sent)


def jobs(house: WholeHouse) -> Iterator[str]:
    """Those that gave up."""
    for task, error in house.rows("select task, last_error from jobs_job where state = 'dead'"):
        yield f"dead: {task}: {error[:300]}"
