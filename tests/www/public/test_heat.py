"""Where it is densest: the page and its data."""

from typing import Any

import pytest
from django.test import Client

from lyhord.organisations.models import Organisation
from tests.www.soup import soup as page

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("P7", "0.19")]
WALL = 4


def test_the_page_has_a_table_and_a_map(
    web: Client, publish: Any, monkeypatch: Any, django_assert_num_queries: Any
) -> None:
    for number in range(6):
        publish(f"Lampa {number}", place_text="Storgatan 4")
    for number in range(4):
        publish(f"Spridd {number}", at=(58.5 + number / 50, 15.01), place_text="")
    monkeypatch.setattr("lyhord.cases.hotspots._CHANCE", 5.0)
    web.get("/karta/tatast/")
    with django_assert_num_queries(WALL + 2):  # cells, places
        response = web.get("/karta/tatast/")
    [row] = page(response).select("tbody tr")
    assert row.get_text(" ", strip=True).startswith("Storgatan 4 6")
    assert page(response).select_one("[data-map=heat]")["data-cases"] == "/karta/tatast.json"
    assert "Ingen plats sticker ut" in web.get("/karta/tatast/?lage=klart").text
    assert not web.cookies


def test_its_data_is_asked_again_cheaply(web: Client, publish: Any, django_assert_num_queries: Any) -> None:
    publish()
    web.get("/karta/tatast.json")
    with django_assert_num_queries(WALL + 1):
        response = web.get("/karta/tatast.json?kategori=belysning")
    [[_lat, _lon, count]] = response.json()["cells"]
    assert count == 1
    tag = response.headers["ETag"]
    assert web.get("/karta/tatast.json?kategori=belysning", headers={"if-none-match": tag}).status_code == 304
    assert web.get("/karta/tatast.json?kategori=trafik").json() == {"side": 0, "cells": []}


def test_nothing_is_there_where_nothing_is_published(web: Client, motala: Organisation) -> None:
    motala.publishes = False
    motala.save()
    assert web.get("/karta/tatast/").status_code == 404
    assert web.get("/karta/tatast.json").status_code == 404
