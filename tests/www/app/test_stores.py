"""The shells for the app stores: ids, icons, privacy and texts; and the site's word that they are its own."""

import json
import plistlib
import re
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar
from xml.etree import ElementTree as ET

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image

from lyhord.core.errors import Invalid
from lyhord.core.tenancy import organisation_scope
from lyhord.organisations.models import Hostname, Organisation
from lyhord.organisations.queries import forget_hosts
from lyhord.www.app.icons import brand_colour
from lyhord.www.app.projects import PICTURES, TEXT_LENGTHS, Ids, ids_for, templates
from lyhord.www.app.store_links import ANDROID_ID, FINGERPRINT, IOS_ID
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("0.2", "0.8", "0.11")]
ANDROID = "{http://schemas.android.com/apk/res/android}"
PRINT = ":".join(["AB"] * 32)


@pytest.fixture
def motala(db: None) -> Organisation:
    made = factories.make_organisation("motala", colour="#2b7444")
    Hostname.objects.filter(organisation=made).update(primary=False)
    Hostname.objects.create(organisation=made, host="min-dialog.motala.se", primary=True)
    forget_hosts()
    return made


@pytest.fixture
def written(motala: Organisation, tmp_path: Path) -> Path:
    """Both projects, for Motala."""
    call_command("write_app_projects", "motala", folder=tmp_path / "app", release="1.2.3", verbosity=0)
    return tmp_path / "app"


def rewritten(motala: Organisation, folder: Path, **values: Any) -> Path:
    Organisation.objects.filter(pk=motala.pk).update(**values)
    call_command("write_app_projects", "motala", folder=folder, verbosity=0)
    return folder


def strings(folder: Path) -> dict[str, str]:
    tree = ET.parse(folder / "android/app/src/main/res/values/strings.xml")
    return {str(one.get("name")): str(one.text) for one in tree.getroot()}


def android_manifest(folder: Path) -> ET.Element:
    return ET.parse(folder / "android/app/src/main/AndroidManifest.xml").getroot()


def plist(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = plistlib.loads(path.read_bytes())
    return found


def test_nothing_is_left_to_fill_in(written: Path) -> None:
    for path in written.rglob("*"):
        if path.is_file() and path.suffix != ".png":
            assert "@@" not in path.read_text(), path
    names = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()}
    sources = {path.relative_to(templates()).as_posix() for path in templates().rglob("*") if path.is_file()}
    assert sources - {"README.md"} <= names


def test_the_android_app_is_the_organisations_own_and_opens_its_site(written: Path, motala: Organisation) -> None:
    gradle = (written / "android/app/build.gradle.kts").read_text()
    assert 'applicationId = "se.motala.min_dialog"' in gradle
    assert re.search(r"versionCode = 10203\n\s+versionName = \"1\.2\.3\"", gradle)
    assert ANDROID_ID.fullmatch("se.motala.min_dialog")
    said = strings(written)
    assert said["app_name"] == "Motala"
    assert said["start_url"] == "https://min-dialog.motala.se/beratta/?start=app"
    statement = json.loads(said["asset_statements"].replace('\\"', '"'))
    assert statement[0]["target"] == {"namespace": "web", "site": "https://min-dialog.motala.se"}
    share = json.loads(said["share_target"].replace('\\"', '"'))
    assert share["action"] == "https://min-dialog.motala.se/beratta/dela/"
    colours = ET.parse(written / "android/app/src/main/res/values/colors.xml").getroot()
    assert {one.get("name"): one.text for one in colours}["brand"] == brand_colour(motala)
    tree = android_manifest(written)
    assert [one.get(f"{ANDROID}name") for one in tree.iter("uses-permission")] == [
        "android.permission.POST_NOTIFICATIONS"
    ]
    application = tree.find("application")
    assert application is not None
    assert application.get(f"{ANDROID}allowBackup") == "false"


def test_what_the_android_manifest_names_is_there(written: Path) -> None:
    said, folder = strings(written), written / "android/app/src/main/res"
    colours = {str(one.get("name")) for one in ET.parse(folder / "values/colors.xml").getroot()}
    used = [
        (folder.parent / "AndroidManifest.xml").read_text(),
        (folder / "mipmap-anydpi-v26/ic_launcher.xml").read_text(),
    ]
    names = re.findall(r'"@(string|color|mipmap|drawable)/(\w+)"', "".join(used))
    assert len(names) > 8
    for kind, name in names:
        if kind == "string":
            assert name in said
        elif kind == "color":
            assert name in colours
        else:
            assert list(folder.glob(f"{kind}-*/{name}.*")), name


def test_each_icon_is_what_its_store_takes(written: Path) -> None:
    for name, kind in PICTURES.items():
        with Image.open(BytesIO((written / name).read_bytes())) as image:
            assert image.format == "PNG"
            assert image.size == (int(kind.rpartition("-")[2]),) * 2, name
            if "store" in kind:
                assert image.mode == "RGB", name  # the App Store refuses transparency
    listed = json.loads((written / "ios/Lyhord/Assets.xcassets/AppIcon.appiconset/Contents.json").read_text())
    [icon] = listed["images"]
    assert (written / "ios/Lyhord/Assets.xcassets/AppIcon.appiconset" / icon["filename"]).exists()


def test_the_ios_app_is_the_organisations_own(written: Path) -> None:
    project = (written / "ios/project.yml").read_text()
    assert 'PRODUCT_BUNDLE_IDENTIFIER: "se.motala.min-dialog"' in project
    assert 'MARKETING_VERSION: "1.2.3"' in project
    info = plist(written / "ios/Lyhord/Info.plist")
    assert info["CFBundleDisplayName"] == "Motala"
    assert info["LyhordStart"] == "https://min-dialog.motala.se/beratta/?start=app"
    assert info["WKAppBoundDomains"] == ["min-dialog.motala.se"]  # or no service worker runs in it
    reasons = [info[f"NS{what}UsageDescription"] for what in ("Camera", "LocationWhenInUse", "PhotoLibrary")]
    assert all(len(reason) > 20 for reason in reasons)
    rights = plist(written / "ios/Lyhord/Lyhord.entitlements")
    assert rights == {"com.apple.developer.associated-domains": ["applinks:min-dialog.motala.se"]}
    swift = (written / "ios/Lyhord/SiteViewController.swift").read_text()
    assert "limitsNavigationsToAppBoundDomains = true" in swift
    assert 'applicationNameForUserAgent = "LyhordApp/1"' in swift
    for source in (written / "ios/Lyhord").glob("*.swift"):
        code = re.sub(r'//.*|"(?:[^"\\]|\\.)*"', "", source.read_text())
        for left, right in ("{}", "()", "[]"):
            assert code.count(left) == code.count(right), source


def test_the_privacy_manifest_says_what_is_collected_and_that_nobody_is_tracked(written: Path) -> None:
    said = plist(written / "ios/Lyhord/PrivacyInfo.xcprivacy")
    assert said["NSPrivacyTracking"] is False
    assert said["NSPrivacyTrackingDomains"] == []
    collected = {one["NSPrivacyCollectedDataType"] for one in said["NSPrivacyCollectedDataTypes"]}
    assert {
        f"NSPrivacyCollectedDataType{what}" for what in ("PhotosorVideos", "PreciseLocation", "EmailAddress")
    } < collected
    assert not any(one["NSPrivacyCollectedDataTypeTracking"] for one in said["NSPrivacyCollectedDataTypes"])


def texts(folder: Path) -> Iterator[Path]:
    yield from folder.glob("*/store/*/*.txt")


def test_the_stores_texts_are_there_in_each_language_and_short_enough(written: Path) -> None:
    found = {path.relative_to(written).as_posix(): path.read_text().strip() for path in texts(written)}
    for folder in ("android/store/sv-SE", "android/store/en-GB"):
        assert {"title", "short_description", "full_description"} == {
            Path(name).stem for name in found if name.startswith(folder)
        }
    assert found["ios/store/sv/privacy_url.txt"] == "https://min-dialog.motala.se/om/uppgifter/"
    for name, text in found.items():
        limit = TEXT_LENGTHS.get(Path(name).stem, 500)
        assert 3 < len(text) <= limit, name
    assert "Du behöver inget konto" in found["android/store/sv-SE/full_description.txt"]
    assert "You need no account" in found["android/store/en-GB/full_description.txt"]


def test_no_name_breaks_out_of_its_place(motala: Organisation, tmp_path: Path) -> None:
    nasty = """"<'&$x\\"""
    folder = rewritten(motala, tmp_path / "app", service_name=nasty)
    assert plist(folder / "ios/Lyhord/Info.plist")["CFBundleDisplayName"] == nasty
    assert strings(folder)["app_name"].replace("\\'", "'") == nasty
    ET.parse(folder / "android/app/src/main/AndroidManifest.xml")


def test_the_ids_that_were_given_are_kept(motala: Organisation, tmp_path: Path) -> None:
    apps = {"android": {"id": "se.motala.app"}, "ios": {"id": "TEAM123456.se.motala.Dialog"}}
    folder = rewritten(motala, tmp_path / "app", settings={"store_apps": apps})
    assert 'applicationId = "se.motala.app"' in (folder / "android/app/build.gradle.kts").read_text()
    assert 'PRODUCT_BUNDLE_IDENTIFIER: "se.motala.Dialog"' in (folder / "ios/project.yml").read_text()


@pytest.mark.parametrize("version", ["1", "1.0", "1.0.x", "1.0.100", "1.0.0.0", "", "-1.0.0"])
def test_a_version_that_is_none_is_refused(motala: Organisation, tmp_path: Path, version: str) -> None:
    with pytest.raises(CommandError, match=r"1\.0\.0"):
        call_command("write_app_projects", "motala", folder=tmp_path / "app", release=version)


def test_versions_grow() -> None:
    codes = [Ids("a.b", "a.b", version).version_code for version in ("1.0.0", "1.0.1", "1.1.0", "1.10.0", "2.0.0")]
    assert codes == sorted(set(codes))


def test_nothing_is_overwritten_and_nobody_elses_is_written(written: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="inte tom"):
        call_command("write_app_projects", "motala", folder=written)
    with pytest.raises(CommandError, match="ingen organisation"):
        call_command("write_app_projects", "finns-inte", folder=tmp_path / "other")


def test_a_host_that_gives_no_id_needs_one(motala: Organisation) -> None:
    Hostname.objects.filter(organisation=motala, primary=True).update(host="127.0.0.1")
    forget_hosts()
    with organisation_scope(motala.pk), pytest.raises(Invalid, match="Android"):
        ids_for(motala)


def test_the_projects_come_along_when_the_package_is_built() -> None:
    root = templates().parent
    built = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert built["force-include"] == {templates().name: "lyhord/apps"}


class TestTheSitesWord:
    """Without it Android shows the browser's edges around the app, and Apple opens links in the browser."""

    APPS: ClassVar[dict[str, dict[str, Any]]] = {
        "android": {"id": "se.motala.dialog", "fingerprints": [PRINT]},
        "ios": {"id": "TEAM123456.se.motala.dialog"},
    }

    def test_nothing_as_long_as_there_is_no_app(self, motala: Organisation) -> None:
        web = Client(headers={"host": "motala.localhost"})
        links = web.get("/.well-known/assetlinks.json")
        assert (links.status_code, links.json()) == (200, [])
        assert links.headers["Content-Type"] == "application/json"
        assert web.get("/.well-known/apple-app-site-association").json() == {"applinks": {"details": []}}

    def test_each_host_speaks_for_its_own_organisation(self, motala: Organisation) -> None:
        factories.make_organisation("mjolby")
        Organisation.objects.filter(pk=motala.pk).update(settings={"store_apps": self.APPS})
        forget_hosts()
        for host, count in (("motala.localhost", 1), ("min-dialog.motala.se", 1), ("mjolby.localhost", 0)):
            web = Client(headers={"host": host})
            links = web.get("/.well-known/assetlinks.json").json()
            assert len(links) == count
            apple = web.get("/.well-known/apple-app-site-association")
            assert apple.headers["Content-Type"] == "application/json"
            assert len(apple.json()["applinks"]["details"]) == count
        [link] = Client(headers={"host": "motala.localhost"}).get("/.well-known/assetlinks.json").json()
        assert link["relation"] == ["delegate_permission/common.handle_all_urls"]
        assert link["target"]["package_name"] == "se.motala.dialog"
        assert all(FINGERPRINT.fullmatch(one) for one in link["target"]["sha256_cert_fingerprints"])
        assert IOS_ID.fullmatch(str(self.APPS["ios"]["id"]))
