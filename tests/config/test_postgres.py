"""The embedded database, started for real: as root, as somebody else, after every kind of abrupt end."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from lyhord.config.command import ROOT
from lyhord.config.postgres import FolderInUseError, LauncherError, Server
from lyhord.config.postgres.binaries import find
from lyhord.config.postgres.identity import Way, plain
from lyhord.config.postgres.lock import is_held

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def processes_under(folder: Path) -> list[str]:
    """Command lines of the processes that work anywhere under the folder."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and (process / "cwd").readlink().is_relative_to(folder):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def wait_until_gone(pid: int) -> None:
    for _attempt in range(9000):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return
        time.sleep(0.02)
    raise AssertionError(f"process {pid} is still there")


def python(code: str, *, uid: int | None = None, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """Run Python code in a process of its own; as another user when ``uid`` is given, who may read what root may.

    (The interpreter itself may lie in root's home.)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    if uid is not None:
        rights = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
        command = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *rights, *command]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **(env or {})}
    return subprocess.Popen(command, env=surroundings, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder with a short path, for the socket's sake; the test fails if it leaves a process behind."""
    above = Path(tempfile.mkdtemp(prefix="lh-"))
    yield above / "data"
    left = processes_under(above)
    shutil.rmtree(above)
    assert left == []


def test_a_first_start_makes_roles_and_database(folder: Path) -> None:
    with Server(folder, durable=False) as server:
        roles = rows(server.admin_url, "select rolname, rolbypassrls from pg_roles where rolname like 'lyhord%'")
        assert set(roles) == {("lyhord_owner", True), ("lyhord_app", False)}
        assert rows(
            server.url("lyhord_app"),
            "select current_user, pg_get_userbyid(datdba), pg_encoding_to_char(encoding) "
            "from pg_database where datname = current_database()",
        ) == [("lyhord_app", "lyhord_owner", "UTF8")]
        assert rows(server.url("lyhord_app"), "select similarity('gatlykta', 'gatlyktor') > 0") == [(True,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            rows(server.url("lyhord_app"), "create table mine (id int)")
        assert rows(server.url("lyhord_app"), "show listen_addresses") == [("",)]


def test_data_stay_between_starts_and_nothing_is_left_after_a_stop(folder: Path) -> None:
    with Server(folder) as server:
        rows(server.url("lyhord_owner"), "create table kept (word text)")
        rows(server.url("lyhord_owner"), "insert into kept values ('åäö')")
        assert rows(server.url("lyhord_app"), "select name, setting from pg_settings where name = 'fsync'") == [
            ("fsync", "on")
        ]
    assert processes_under(folder) == []
    assert not (folder / "postgres/data/postmaster.pid").exists()
    with Server(folder) as server:
        assert rows(server.url("lyhord_owner"), "select word from kept") == [("åäö",)]


def test_databases_for_tests_are_cloned(folder: Path) -> None:
    with Server(folder, durable=False) as server:
        rows(server.url("lyhord_owner"), "create table here (id int)")
        server.create_database("copy", template="lyhord")
        server.create_database("fresh")
        assert rows(server.url("lyhord_owner", "copy"), "select count(*) from here") == [(0,)]
        assert rows(server.url("lyhord_owner", "fresh"), "select extname from pg_extension where extname like 'pg_%'")
        assert rows(server.admin_url, "show fsync") == [("off",)]


@pytest.fixture
def open_folder(folder: Path) -> Path:
    """A data folder that every user can reach."""
    folder.parent.chmod(0o755)
    return folder


@as_root
@pytest.mark.parametrize("way", ["mapped", "nobody"])
def test_root_may_start_it(open_folder: Path, way: Way) -> None:
    with Server(open_folder, durable=False, way=way) as server:
        assert rows(server.url("lyhord_app"), "select 1") == [(1,)]
        owner = Path(f"/proc/{server.pid}").stat().st_uid
        assert (owner == 0) == (way == "mapped")


@pytest.mark.all
@as_root
def test_a_folder_changes_hands_when_user_namespaces_come_and_go(open_folder: Path) -> None:
    folder = open_folder
    ways: list[Way] = ["mapped", "nobody", "mapped"]
    for way in ways:
        with Server(folder, durable=False, way=way) as server:
            rows(server.url("lyhord_owner"), "create table if not exists visits (id int)")
            rows(server.url("lyhord_owner"), "insert into visits values (1)")
    with Server(folder, durable=False, way="mapped") as server:
        assert rows(server.url("lyhord_owner"), "select count(*) from visits") == [(3,)]


@pytest.mark.all
@as_root
def test_programs_and_data_in_a_closed_home_are_sheltered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, shelter = tmp_path / "home", Path("/tmp") / f"lyhord-shelter-{os.getpid()}"  # noqa: S108  # where users without a home may write
    monkeypatch.delenv("LYHORD_POSTGRES_BIN", raising=False)
    programs = find(plain()).folder
    package = programs.parents[1]
    home.mkdir(mode=0o700)
    for part in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(part, home / part.name, symlinks=True)
    monkeypatch.setenv("LYHORD_POSTGRES_BIN", str(home / programs.relative_to(package.parent)))
    monkeypatch.setenv("LYHORD_SHELTER", str(shelter))
    try:
        for _start in range(2):
            with Server(home / "data", durable=False, way="nobody") as server:
                assert rows(server.url("lyhord_app"), "select 1") == [(1,)]
        assert (home / "data/postgres").readlink().parent == shelter
        assert home.stat().st_mode & 0o777 == 0o700
        with Server(home / "data", durable=False, way="mapped") as server:
            assert rows(server.url("lyhord_app"), "select 1") == [(1,)]
    finally:
        shutil.rmtree(shelter)


@as_root
@pytest.mark.skipif(not shutil.which("setpriv"), reason="needs setpriv")
def test_an_ordinary_user_may_start_it(open_folder: Path) -> None:
    folder = open_folder
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    code = f"""
    import os, psycopg
    from lyhord.config.postgres import Server, LauncherError
    with Server({str(folder)!r}, durable=False) as server:
        with psycopg.connect(server.url("lyhord_app")) as connection:
            print(os.geteuid(), connection.execute("select current_user").fetchone()[0])
    try:
        Server({str(folder.parent / "closed")!r}, durable=False).start()
    except LauncherError as problem:
        print(problem)
    """
    output = python(code, uid=65534).communicate()[0].splitlines()
    assert output[0] == "65534 lyhord_app"
    assert output[1].startswith("Det går inte att skriva i mappen")
    assert output[2].startswith("The folder")


def test_a_killed_server_recovers(folder: Path) -> None:
    server = Server(folder)
    server.start()
    rows(server.url("lyhord_owner"), "create table kept (id int)")
    assert server.pid is not None
    url, pid = server.url("lyhord_owner"), server.pid
    os.kill(pid, signal.SIGKILL)
    while server.poll() is None:
        time.sleep(0.01)
    server.start()
    assert server.pid not in {None, pid}
    assert rows(url, "select count(*) from kept") == [(0,)], "the same URL leads to the new server"
    server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux ends a server with its launcher")
def test_a_killed_launcher_takes_its_server_along_and_leaves_no_lock(folder: Path) -> None:
    launcher = python(
        f"""
        import time
        from lyhord.config.postgres import Server
        server = Server({str(folder)!r}, durable=False)
        server.start()
        print(server.pid, flush=True)
        time.sleep(600)
        """
    )
    assert launcher.stdout is not None
    pid = int(launcher.stdout.readline())
    launcher.kill()
    launcher.communicate()
    with Server(folder, durable=False) as server:  # At once: it waits for the old one to go.
        assert rows(server.url("lyhord_app"), "select 1") == [(1,)]
    wait_until_gone(pid)


def test_an_orphaned_server_is_stopped_first(folder: Path) -> None:
    with Server(folder, durable=False) as server:
        words = Path(f"/proc/{server.pid}/cmdline").read_text().split("\0")[:-1]
    way = ["unshare", "--user", "--map-user=65534", "--map-group=65534"] if os.geteuid() == 0 else []
    orphan = subprocess.Popen([*way, *words], stderr=subprocess.DEVNULL, cwd=folder / "postgres")
    pid_file = folder / "postgres/data/postmaster.pid"
    while not (pid_file.exists() and "ready" in pid_file.read_text()):
        assert orphan.poll() is None
        time.sleep(0.02)
    with Server(folder, durable=False) as server:
        orphan.wait(60)
        assert rows(server.url("lyhord_app"), "select 1") == [(1,)]


@pytest.mark.all
def test_a_pid_file_that_names_another_living_process_is_stale(folder: Path) -> None:
    with Server(folder, durable=False) as server:
        content = (folder / "postgres/data/postmaster.pid").read_text().splitlines()
        place = server.socket
    content[0] = str(os.getppid())
    (folder / "postgres/data/postmaster.pid").write_text("\n".join(content) + "\n")
    (place / ".s.PGSQL.5432.lock").write_text("\n".join(content[:5]) + "\n")
    with Server(folder, durable=False) as server:
        assert rows(server.url("lyhord_app"), "select 1") == [(1,)]


@pytest.mark.requirement("N5")
def test_a_server_that_was_killed_and_nobody_asked_about_is_no_hindrance(folder: Path) -> None:
    """As where the first process of a container does not look after orphans: the number stays taken."""
    with Server(folder, durable=False) as server:
        content = (folder / "postgres/data/postmaster.pid").read_text().splitlines()
    ended = subprocess.Popen(["true"])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    content[0] = str(ended.pid)
    (folder / "postgres/data/postmaster.pid").write_text("\n".join(content) + "\n")
    with Server(folder, durable=False) as server:
        assert rows(server.url("lyhord_app"), "select 1") == [(1,)]
    assert ended.wait() == 0


def test_an_interrupted_first_start_leaves_nothing_half_done(folder: Path) -> None:
    half = folder / "postgres/data.new/base"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with Server(folder, durable=False) as server:
        assert rows(server.url("lyhord_app"), "select 1") == [(1,)]
    assert not half.exists()


@pytest.mark.all
def test_a_first_start_cut_short_before_the_extensions_gets_them_next_time(folder: Path) -> None:
    extensions = "select extname from pg_extension where extname = 'pg_trgm'"
    with Server(folder, durable=False) as server:
        rows(server.url("postgres"), "drop extension pg_trgm")
    with Server(folder, durable=False) as server:
        assert rows(server.url("lyhord_app"), extensions) == [("pg_trgm",)]


@pytest.mark.all
@pytest.mark.requirement("N5")
def test_nobody_waits_for_a_process_that_was_killed_while_the_server_mended_itself(folder: Path) -> None:
    """PostgreSQL 18 does not notice that one of those that read for others is gone, so there are none."""
    readers = "select count(*) from pg_stat_activity where backend_type = 'io worker'"
    with Server(folder, durable=False) as server:
        assert rows(server.admin_url, readers) == [(0,)]


def test_what_did_not_wait_for_the_disk_is_there_once_it_has_settled(folder: Path) -> None:
    with Server(folder) as server:
        with psycopg.connect(server.url("lyhord_owner"), autocommit=True) as connection:
            connection.execute("set synchronous_commit = off")
            connection.execute("create table public.settled as select 1 as number")
        server.settle()
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        while server.poll() is None:
            time.sleep(0.01)
        server.start()
        assert rows(server.url("lyhord_owner"), "select number from public.settled") == [(1,)]


def test_two_runs_on_one_folder_are_refused_with_pid_and_port(folder: Path) -> None:
    with (
        Server(folder, durable=False, port=8123) as server,
        pytest.raises(FolderInUseError, match=rf"process {os.getpid()}, port 8123"),
    ):
        Server(folder).start()
    assert server.pid is None


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LauncherError, match=r"går inte att skriva i mappen .*file/data"):
        Server(tmp_path / "file/data").start()


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=10m,mode=755", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("may not mount a small disk")
    try:
        with pytest.raises(LauncherError, match="Disken är full"):
            Server(disk / "data", durable=False).start()
        assert list(disk.glob("data/postgres/data*")) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.all
def test_a_long_path_gets_a_short_socket(folder: Path) -> None:
    long = folder / ("mapp/" * 30)
    with Server(long, durable=False) as server:
        place = server.socket
        assert not place.is_relative_to(folder)
        assert place.stat().st_mode & 0o777 == 0o700
        assert rows(server.url("lyhord_app"), "select 1") == [(1,)]
    assert not place.exists()


@pytest.mark.all
def test_odd_characters_in_the_path_survive_the_url(folder: Path) -> None:
    with Server(folder / "Åsa & Örjan 100% #1?", durable=False) as server:
        assert rows(server.url("lyhord_app"), "select 1") == [(1,)]


def test_a_port_in_the_environment_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("PGDATA", "/nowhere")
    with Server(folder, durable=False) as server:
        assert rows(server.url("lyhord_app"), "select 1") == [(1,)]


@pytest.mark.all
def test_a_broken_configuration_shows_what_postgresql_said(folder: Path) -> None:
    with Server(folder, durable=False):
        pass
    (folder / "postgres/data/postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(LauncherError, match="no_such_setting"):
        Server(folder, durable=False).start()
    assert not is_held(folder), "the failed start has let go of the folder"
