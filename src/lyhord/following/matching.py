"""Which profiles ask for an event: one join over the posting tables.

Two indexed reads, one by the event's subjects and one by its places, meet by profile; what is found is stored with its
reason by the same statement. What a rule says beyond terms (bodies, stages, kinds, phrases) is asked of those few
profiles that have such a rule, in Python.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg.types.numeric import Int2, Int8

from lyhord.core.clock import now
from lyhord.core.tenancy import require_organisation_id
from lyhord.following.facts import Facts, term, tiles_at
from lyhord.following.models import Match, News, Profile
from lyhord.following.rule import Reason, Rule
from lyhord.places.morton import EARTH_RADIUS_M

_NEAREST = 1 << 16
"""A place's rank: its number if it is an area, else its distance in millimetres (and one) times this, plus its number:
the least is the first area, else the nearest spot."""

_HITS = f"""
with subject(term, number) as (
    select * from unnest(%(subjects)s::bigint[], %(subject_numbers)s::int[])
), place(term, number, lat, lon) as (
    select * from unnest(%(places)s::bigint[], %(place_numbers)s::int[], %(lats)s::float8[], %(lons)s::float8[])
), by_subject as (
    select posting.profile_id, posting.placed, posting.narrowed, min(subject.number) as number
    from subject join following_subjectposting posting
        on posting.organisation_id = %(organisation)s and posting.term = subject.term and posting.level <= %(level)s
    group by 1, 2, 3
), by_place as (
    select profile_id, alone, narrowed, min(case when radius_m is null then number
        else ((metres * 1000)::bigint + 1) * {_NEAREST} + number end) as rank
    from (
        select posting.*, place.number, case when posting.radius_m is not null then 2 * {EARTH_RADIUS_M} * asin(least(1,
            sqrt(sin(radians(place.lat - posting.lat) / 2) ^ 2 + cos(radians(posting.lat)) * cos(radians(place.lat))
            * sin(radians(place.lon - posting.lon) / 2) ^ 2))) end as metres
        from place join following_placeposting posting
            on posting.organisation_id = %(organisation)s and posting.term = place.term and posting.level <= %(level)s
    ) near
    where radius_m is null or metres <= radius_m
    group by 1, 2, 3
), hits as materialized (
    select profile_id, s.narrowed, s.number, p.rank
    from by_subject s left join by_place p using (profile_id)
    where not s.placed or p.rank is not null
    union all
    select profile_id, p.narrowed, null, p.rank
    from by_place p
    where p.alone and not exists (select from by_subject s where s.profile_id = p.profile_id)
)
"""  # noqa: S608  # our own constants

_MUTED = """
    select profile.id from following_follow follow
    join following_profile profile using (organisation_id, contact_id)
    where follow.organisation_id = %(organisation)s and follow.subject_type = %(subject_type)s
        and follow.subject_id = %(subject_id)s and follow.confirmed_at is not null
        and (follow.level > %(level)s or follow.muted_until > %(now)s)
"""

_FIND = f"{_HITS} select profile_id, narrowed, number, rank from hits"  # noqa: S608  # our own constants

_STORE = f"""
{_HITS}, stored as (
    insert into following_match (organisation_id, news_id, profile_id, subject, place, distance_m)
    select %(organisation)s, %(news)s, profile_id, number, rank %% {_NEAREST},
        case when rank >= {_NEAREST} then round((rank / {_NEAREST} - 1) / 1000.0)::int end
    from hits where not narrowed and profile_id not in ({_MUTED})
    on conflict (organisation_id, profile_id, news_id) do nothing returning 1
)
select (select count(*) from stored), array(select profile_id from hits where narrowed and profile_id not in ({_MUTED}))
"""  # noqa: S608  # our own constants


@dataclass(frozen=True, slots=True)
class Hit:
    """A profile that asks for the event, and why."""

    profile_id: int
    reason: Reason


def find(facts: Facts, level: int) -> list[Hit]:
    """The profiles that ask for what has these facts and this level; nothing is stored."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, _parameters(facts, level))
        rows = cursor.fetchall()
    plain = [Hit(pk, _reason(number, rank)) for pk, narrowed, number, rank in rows if not narrowed]
    return plain + _narrowed([pk for pk, narrowed, _number, _rank in rows if narrowed], facts)


def store(news: News) -> int:
    """Store a match for every profile that asks for the news and has not muted its subject; returns how many are new.

    In the caller's transaction; the same news again stores nothing more.
    """
    facts = Facts.from_json(news.facts)
    parameters = _parameters(facts, news.level) | {
        "news": Int8(news.pk),
        "subject_type": news.subject_type,
        "subject_id": Int8(news.subject_id),
        "now": now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, parameters)
        stored, narrowed = cursor.fetchone()
    rows = [
        Match(
            organisation_id=news.organisation_id,
            news_id=news.pk,
            profile_id=hit.profile_id,
            subject=hit.reason.subject,
            place=hit.reason.place,
            distance_m=hit.reason.distance_m,
        )
        for hit in _narrowed(narrowed, facts)
    ]
    Match.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return int(stored) + len(rows)


def _parameters(facts: Facts, level: int) -> dict[str, Any]:
    subjects = facts.subjects()
    places: list[tuple[int, int, float | None, float | None]] = [
        (term("area", pk, facts.about), number, None, None) for number, (pk, _name) in enumerate(facts.areas)
    ]
    places += [
        (tile, number, spot.lat, spot.lon)
        for number, spot in enumerate(facts.spots, start=len(facts.areas))
        for tile in tiles_at(spot.lat, spot.lon, facts.about)
    ]
    terms, numbers, lats, lons = (list(column) for column in zip(*places, strict=True)) if places else ([], [], [], [])
    return {
        "organisation": Int8(require_organisation_id()),
        "level": Int2(level),
        "subjects": [term(*subject, facts.about) for subject in subjects],
        "subject_numbers": list(range(len(subjects))),
        "places": terms,
        "place_numbers": numbers,
        "lats": lats,
        "lons": lons,
    }


def _reason(number: int | None, rank: int | None) -> Reason:
    if rank is None or rank < _NEAREST:
        return Reason(number, rank)
    return Reason(number, rank % _NEAREST, round((rank // _NEAREST - 1) / 1000))


def _narrowed(profile_ids: list[int], facts: Facts) -> list[Hit]:
    """Those whose whole rule asks for it."""
    if not profile_ids:
        return []
    rules = Profile.objects.filter(pk__in=profile_ids).values_list("pk", "rule")
    return [Hit(pk, reason) for pk, rule in rules if (reason := Rule.from_json(rule).reason(facts)) is not None]
